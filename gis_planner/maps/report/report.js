"use strict";
/* The report's map: search, village sheet, and buttons in tables that move the map. Runs after the map is made. */
(function () {
  var view = planMaps[0], sheet = document.getElementById("sheet-body"), words = view ? view.data.words : {};
  if (!view) { return; }

  function go(lat, lon, zoom) {
    view.map.setView([lat, lon], Math.max(view.map.getZoom(), zoom || 14), { animate: false });
  }

  function open(key) {
    var found = view.index[key];
    if (!found) { return false; }
    var box = document.querySelector('input[data-layer="' + found.layer.key + '"]');
    if (box && !box.checked) { box.checked = true; view.show(found.layer.key, true); }
    if (found.drawn.getLatLng) {
      go(found.drawn.getLatLng().lat, found.drawn.getLatLng().lng);
    } else {
      view.map.fitBounds(found.drawn.getBounds(), { animate: false, padding: [20, 20] });
    }
    found.drawn.openPopup();
    return true;
  }

  function entry(layer, feature) {
    var item = planNode("li"), button = planNode("button", feature[2], "link");
    button.type = "button";
    button.title = words.see_on_map;
    button.insertBefore(planSymbol(layer, view.data.shapes, ""), button.firstChild);
    button.addEventListener("click", function () { open(layer.key + "/" + feature[1]); });
    item.appendChild(button);
    item.appendChild(planFields(layer.fields, feature[6]));
    return item;
  }

  function section(title, layers, id, empty) {
    var box = planNode("div"), any = false;
    box.appendChild(planNode("h4", title));
    layers.forEach(function (layer) {
      var mine = (layer.features || []).filter(function (feature) { return feature[3] === id; });
      if (!mine.length) { return; }
      any = true;
      box.appendChild(planNode("p", layer.name + " (" + mine.length + ")", "kind"));
      var list = planNode("ul");
      mine.slice(0, 30).forEach(function (feature) { list.appendChild(entry(layer, feature)); });
      box.appendChild(list);
    });
    if (!any && empty) { box.appendChild(planNode("p", empty)); any = true; }
    return any ? box : document.createDocumentFragment();
  }

  view.sheet = function (id, focus) {
    var village = view.index["villages/" + id];
    if (!village || !sheet) { return; }
    var feature = village.layer.features.filter(function (item) { return item[1] === id; })[0];
    var head = planNode("h3", feature[2]);
    head.tabIndex = -1;
    sheet.replaceChildren(head, planFields(village.layer.fields, feature[6]));
    var rest = view.layers.filter(function (layer) { return layer.key !== "villages" && layer.features; });
    sheet.appendChild(section(words.planned_here, rest.filter(function (layer) {
      return layer.plan && !/_other$/.test(layer.key);
    }), id, words.nothing_planned));
    sheet.appendChild(section(words.there_today, rest.filter(function (layer) { return !layer.plan; }), id, ""));
    if (focus) { head.focus({ preventScroll: true }); }
  };

  var search = document.getElementById("search");
  search.addEventListener("submit", function (event) {
    event.preventDefault();
    var wanted = planFold(search.elements.village.value.trim()), said = document.getElementById("search-said");
    var exact = null, part = null;
    view.data.villages.forEach(function (village) {
      var name = planFold(village[1]);
      if (!exact && (name === wanted || planFold(village[0]) === wanted)) { exact = village; }
      if (!part && wanted && name.indexOf(wanted) >= 0) { part = village; }
    });
    var found = exact || part;
    said.textContent = found ? "" : words.no_village;
    if (found) { go(found[2], found[3], 13.5); open("villages/" + found[0]); view.sheet(found[0], true); }
  });
  document.getElementById("whole").addEventListener("click", function () {
    view.map.closePopup();
    view.map.fitBounds(view.bounds, { animate: false });
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-go]");
    if (!button) { return; }
    document.getElementById("map").scrollIntoView();
    var at = button.dataset.at.split(" ").map(Number);
    if (!open(button.dataset.go)) { go(at[0], at[1]); }
    if (button.dataset.village) { view.sheet(button.dataset.village, false); }
  });
})();

"use strict";
/* Linked maps, and sliders that rank the candidates in the page. The plan as solved is never changed here. */
(function () {
  var moving = false;
  planMaps.forEach(function (view) {
    view.map.on("move", function () {
      if (moving) { return; }
      moving = true;
      planMaps.forEach(function (other) {
        if (other !== view) { other.map.setView(view.map.getCenter(), view.map.getZoom(), { animate: false }); }
      });
      moving = false;
    });
  });

  var holder = document.getElementById("candidates");
  if (!holder) { return; }
  var all = planData("candidates");
  var columns = {};
  Object.keys(all.tables).forEach(function (name) {
    columns[name] = all.tables[name].values.map(function (values) { return Float64Array.from(values); });
  });

  /* Order of the candidates under these weights: highest score first, ties by place in the table. */
  window.planRank = function (name, weights) {
    var count = all.tables[name].id.length, scores = new Float64Array(count), order = new Array(count), i;
    columns[name].forEach(function (values, at) {
      var weight = weights[at];
      if (weight) { for (var k = 0; k < count; k++) { scores[k] += weight * values[k]; } }
    });
    for (i = 0; i < count; i++) { order[i] = i; }
    return order.sort(function (a, b) { return scores[b] - scores[a] || a - b; });
  };

  function cell(kind, text, extra) {
    var node = planNode(kind, text, extra);
    if (kind === "th") { node.scope = "row"; }
    return node;
  }

  document.querySelectorAll(".ranker").forEach(function (box) {
    var name = box.dataset.of, table = all.tables[name], said = box.querySelector(".said");
    var body = box.querySelector("tbody");
    var inputs = Array.prototype.slice.call(box.querySelectorAll("input[type=range]"));
    var solved = table.chosen.reduce(function (sum, flag) { return sum + flag; }, 0);
    function update() {
      var order = window.planRank(name, inputs.map(function (input) { return Number(input.value); }));
      body.replaceChildren.apply(body, order.slice(0, all.shown).map(function (at, place) {
        var row = planNode("tr");
        var mark = cell("td", table.chosen[at] ? "●" : "·", "tick");
        if (table.chosen[at]) { mark.appendChild(planNode("span", " " + all.yes, "sr")); }
        row.append(cell("td", String(place + 1), "n"), cell("th", table.id[at]), cell("td", table.village[at]), mark);
        return row;
      }));
      var same = order.slice(0, solved).filter(function (at) { return table.chosen[at]; }).length;
      said.textContent = said.dataset.text.replace("{same}", same).replace("{n}", solved);
      inputs.forEach(function (input) { input.previousElementSibling.textContent = input.value; });
    }
    inputs.forEach(function (input) { input.addEventListener("input", update); });
    box.querySelector(".reset").addEventListener("click", function () {
      inputs.forEach(function (input) { input.value = input.defaultValue; });
      update();
    });
    update();
  });
})();

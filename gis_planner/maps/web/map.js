"use strict";
/* Draws a plan's layers on a Leaflet map from the page's JSON. Data reaches the page by textContent only. */
var planMaps = [];

function planData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

function planNode(name, text, kind) {
  var node = document.createElement(name);
  if (kind) { node.className = kind; }
  if (text !== undefined) { node.textContent = text; }
  return node;
}

function planSymbol(layer, shapes, mark, extra) {
  var space = "http://www.w3.org/2000/svg";
  var svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "-1 -1 26 26");
  svg.setAttribute("width", layer.size);
  svg.setAttribute("height", layer.size);
  svg.setAttribute("aria-hidden", "true");
  if (extra) { svg.setAttribute("class", extra); }
  var path = document.createElementNS(space, "path");
  path.setAttribute("d", shapes[layer.shape] || shapes.circle);
  path.setAttribute("fill", layer.colour);
  path.setAttribute("fill-rule", "evenodd");
  path.setAttribute("stroke", "#fff");
  path.setAttribute("stroke-width", "1.5");
  svg.appendChild(path);
  if (mark) {
    var text = document.createElementNS(space, "text");
    text.setAttribute("x", "12");
    text.setAttribute("y", "16.5");
    text.setAttribute("text-anchor", "middle");
    text.setAttribute("font-size", mark.length > 2 ? "10" : "13");
    text.setAttribute("fill", "#fff");
    text.textContent = mark;
    svg.appendChild(text);
  }
  return svg;
}

/* ---- packed layers: see pack.py ---- */
function planVarints(text) {
  var raw = atob(text), out = new Float64Array(raw.length), count = 0, value = 0, scale = 1;
  for (var i = 0; i < raw.length; i++) {
    var byte = raw.charCodeAt(i);
    value += (byte & 127) * scale;
    if (byte & 128) { scale *= 128; } else { out[count++] = value; value = 0; scale = 1; }
  }
  return out.subarray(0, count);
}

function planSqueeze(value) {
  value &= 0x55555555;
  value = (value | (value >>> 1)) & 0x33333333;
  value = (value | (value >>> 2)) & 0x0f0f0f0f;
  value = (value | (value >>> 4)) & 0x00ff00ff;
  return (value | (value >>> 8)) & 0xffff;
}

function planMercator(packed) {
  var box = packed.box, last = Math.pow(2, packed.bits) - 1;
  var rows = new Float64Array(last + 1);
  for (var row = 0; row <= last; row++) {
    var lat = (box[1] + (box[3] - box[1]) * row / last) * Math.PI / 180;
    rows[row] = 0.5 - Math.log(Math.tan(Math.PI / 4 + lat / 2)) / (2 * Math.PI);
  }
  return {
    x: function (column) { return (box[0] + (box[2] - box[0]) * column / last + 180) / 360; },
    y: function (row) { return rows[row]; }
  };
}

function planUnpack(packed) {
  var values = planVarints(packed.data), to = planMercator(packed), n = 0, i;
  if (packed.kind === "dots") {
    var x = new Float64Array(values.length), y = new Float64Array(values.length), key = 0;
    for (i = 0; i < values.length; i++) {
      key += values[i];
      x[i] = to.x(planSqueeze(key));
      y[i] = to.y(planSqueeze(Math.floor(key / 2)));
    }
    return { x: x, y: y };
  }
  var lx = new Float64Array(values.length), ly = new Float64Array(values.length), starts = [];
  var column = 0, line = 0;
  i = 0;
  while (i < values.length) {
    var size = values[i++];
    starts.push(n);
    for (var k = 0; k < size; k++) {
      var a = values[i++], b = values[i++];
      column += a % 2 ? -(a + 1) / 2 : a / 2;
      line += b % 2 ? -(b + 1) / 2 : b / 2;
      lx[n] = to.x(column);
      ly[n++] = to.y(line);
    }
  }
  starts.push(n);
  return { x: lx.subarray(0, n), y: ly.subarray(0, n), starts: starts };
}

var PlanCanvas = L.Layer.extend({
  initialize: function (layer, pane) { this._layer = layer; this._pane = pane; this._read = null; },
  onAdd: function (map) {
    this._read = this._read || planUnpack(this._layer.packed);
    this._canvas = L.DomUtil.create("canvas", "plan-canvas", map.getPane(this._pane));
    map.on("moveend zoomend resize", this._draw, this);
    map.on("zoomstart", this._hide, this);
    this._draw();
  },
  onRemove: function (map) {
    map.off("moveend zoomend resize", this._draw, this);
    map.off("zoomstart", this._hide, this);
    this._canvas.remove();
  },
  _hide: function () { this._canvas.style.visibility = "hidden"; },
  _draw: function () {
    var map = this._map, size = map.getSize(), canvas = this._canvas;
    var corner = map.containerPointToLayerPoint([0, 0]), origin = map.getPixelOrigin().add(corner);
    L.DomUtil.setPosition(canvas, corner);
    canvas.width = Math.max(1, size.x);
    canvas.height = Math.max(1, size.y);
    canvas.style.visibility = "";
    var scale = 256 * Math.pow(2, map.getZoom());
    (this._read.starts ? this._strokes : this._dots).call(this, canvas, scale, origin);
  },
  _dots: function (canvas, scale, origin) {
    var ctx = canvas.getContext("2d"), width = canvas.width, height = canvas.height;
    var image = ctx.createImageData(width, height), cells = new Uint32Array(image.data.buffer);
    var colour = parseInt(this._layer.colour.slice(1), 16), x = this._read.x, y = this._read.y;
    var ink = ((190 << 24) | ((colour & 255) << 16) | (colour & 0xff00) | (colour >> 16)) >>> 0;
    var side = this._map.getZoom() > 14 ? 4 : this._map.getZoom() > 11 ? 3 : x.length > 100000 ? 1 : 2;
    for (var i = 0; i < x.length; i++) {
      var left = Math.round(x[i] * scale - origin.x), top = Math.round(y[i] * scale - origin.y);
      if (left < 0 || top < 0 || left + side > width || top + side > height) { continue; }
      for (var dy = 0; dy < side; dy++) {
        for (var dx = 0; dx < side; dx++) { cells[(top + dy) * width + left + dx] = ink; }
      }
    }
    ctx.putImageData(image, 0, 0);
  },
  _strokes: function (canvas, scale, origin) {
    var ctx = canvas.getContext("2d"), read = this._read, layer = this._layer;
    ctx.strokeStyle = layer.colour;
    ctx.lineWidth = layer.width;
    ctx.setLineDash(layer.dash ? layer.dash.split(" ").map(Number) : []);
    ctx.beginPath();
    for (var k = 0; k + 1 < read.starts.length; k++) {
      for (var i = read.starts[k]; i < read.starts[k + 1]; i++) {
        var px = read.x[i] * scale - origin.x, py = read.y[i] * scale - origin.y;
        if (i === read.starts[k]) { ctx.moveTo(px, py); } else { ctx.lineTo(px, py); }
      }
    }
    ctx.stroke();
  }
});

/* ---- ordinary layers ---- */
function planPopup(layer, feature) {
  var box = planNode("div", undefined, "popup");
  box.appendChild(planNode("p", layer.name, "kind"));
  box.appendChild(planNode("h3", feature[2]));
  box.appendChild(planFields(layer.fields, feature[6]));
  return box;
}

function planFields(names, values) {
  var list = planNode("dl");
  names.forEach(function (name, at) {
    if (values[at] === "") { return; }
    list.appendChild(planNode("dt", name));
    list.appendChild(planNode("dd", values[at]));
  });
  return list;
}

function planFeature(layer, feature, shapes, pane, marked) {
  var at = feature[0];
  if (layer.kind !== "point") {
    var look = {
      color: layer.colour, weight: layer.width, dashArray: layer.dash || null, pane: pane, fill: layer.kind === "area",
      fillOpacity: layer.fill, interactive: layer.fields.length > 0 || layer.fill > 0
    };
    return layer.kind === "area" ? L.polygon(at, look) : L.polyline(at, look);
  }
  if (layer.features.length > 900) {
    return L.circleMarker(at, {
      radius: layer.size / 2.4, color: "#fff", weight: 1, fillColor: layer.colour, fillOpacity: 0.9, pane: pane,
      renderer: layer.canvas
    });
  }
  var extra = (marked && marked[layer.key + "/" + feature[1]]) || "";
  var icon = L.divIcon({
    html: planSymbol(layer, shapes, feature[4], extra), className: "symbol", iconSize: [layer.size, layer.size]
  });
  return L.marker(at, { icon: icon, pane: pane, keyboard: false });
}

function planGroup(view, layer, order) {
  var pane = "p" + order, group = L.layerGroup();
  view.map.createPane(pane).style.zIndex = String(400 + order);
  if (layer.packed) { return group.addLayer(new PlanCanvas(layer, pane)); }
  if (layer.features.length > 900) { layer.canvas = L.canvas({ pane: pane }); }
  layer.features.forEach(function (feature) {
    var drawn = planFeature(layer, feature, view.data.shapes, pane, view.data.marked);
    drawn.bindPopup(function () { return planPopup(layer, feature); }, { maxWidth: 300, autoPanPadding: [12, 12] });
    drawn.on("click", function () { if (feature[3] && view.sheet) { view.sheet(feature[3], false); } });
    if (feature[5]) { view.labels.push([drawn, feature[5]]); }
    view.index[layer.key + "/" + feature[1]] = { drawn: drawn, layer: layer };
    group.addLayer(drawn);
  });
  return group;
}

function planLabels(view) {
  var placed = [], size = view.map.getSize();
  view.labels.slice(0, 500).forEach(function (pair) {
    var marker = pair[0], node;
    if (!marker.getTooltip()) {
      node = planNode("bdi", pair[1]);
      marker.bindTooltip(node, { permanent: true, direction: "right", offset: [6, 0], className: "vlabel" });
    }
    node = marker.getTooltip().getElement();
    if (!node) { return; }
    var at = view.map.latLngToContainerPoint(marker.getLatLng());
    var box = [at.x, at.y - 9, at.x + node.offsetWidth + 8, at.y + 9];
    var out = at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y;
    var clash = out || placed.some(function (other) {
      return box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3];
    });
    node.style.visibility = clash ? "hidden" : "visible";
    if (!clash) { placed.push(box); }
  });
}

function planMap(map, dataId) {
  var data = planData(dataId), frame = data.frame;
  var layers = (data.shared ? planData(data.shared) : []).concat(data.layers);
  var bounds = L.latLngBounds([frame[1], frame[0]], [frame[3], frame[2]]);
  var view = { map: map, data: data, layers: layers, labels: [], index: {}, groups: {}, bounds: bounds, sheet: null };
  L.Icon.Default.imagePath = "";
  L.control.zoom({ zoomInTitle: data.words.zoom_in, zoomOutTitle: data.words.zoom_out }).addTo(map);
  map.setMinZoom(6).setMaxZoom(19);
  map.fitBounds(bounds, { animate: false });
  layers.forEach(function (layer, order) {
    view.groups[layer.key] = planGroup(view, layer, order);
    if (layer.shown) { view.groups[layer.key].addTo(map); }
  });
  view.show = function (key, on) {
    if (!view.groups[key]) { return; }
    if (on) { view.groups[key].addTo(map); } else { view.groups[key].remove(); }
    planLabels(view);
  };
  map.on("zoomend moveend resize", function () { planLabels(view); });
  planLabels(view);
  planMaps.push(view);
  document.querySelectorAll("input[data-layer]").forEach(function (box) {
    view.show(box.dataset.layer, box.checked);
    box.addEventListener("change", function () { view.show(box.dataset.layer, box.checked); });
  });
  return view;
}

/* Shapes on Leaflet's one canvas: decoded polygons, the reach of all places as one figure, and the
   places themselves. Thousands of places are one layer, so that panning stays smooth. */
"use strict";
var Yori = window.Yori || {};

Yori.UNITS_PER_DEGREE = 100000;

/* [[lon, lat, dlon, dlat, …], …] → Leaflet's rings or lines. The reverse of web/maps/encode.py. */
Yori.decode = function (parts) {
  return parts.map(function (steps) {
    var ring = [], lon = 0, lat = 0;
    for (var i = 0; i < steps.length; i += 2) {
      lon += steps[i];
      lat += steps[i + 1];
      ring.push([lat / Yori.UNITS_PER_DEGREE, lon / Yori.UNITS_PER_DEGREE]);
    }
    return ring;
  });
};

Yori.decodePoints = function (lons, lats) {
  var points = [], lon = 0, lat = 0;
  for (var i = 0; i < lons.length; i++) {
    lon += lons[i];
    lat += lats[i];
    points.push(L.latLng(lat / Yori.UNITS_PER_DEGREE, lon / Yori.UNITS_PER_DEGREE));
  }
  return points;
};

/* Diagonal hatching for gaps: told apart without colour, and on a grey copy. */
Yori.hatch = function (colour) {
  var tile = document.createElement("canvas");
  tile.width = tile.height = 10;
  var ink = tile.getContext("2d");
  ink.strokeStyle = colour;
  ink.lineWidth = 2.4;
  ink.globalAlpha = 0.75;
  for (var shift = -10; shift <= 10; shift += 10) {
    ink.beginPath();
    ink.moveTo(shift - 1, 11);
    ink.lineTo(shift + 11, -1);
    ink.stroke();
  }
  return ink.createPattern(tile, "repeat");
};

/* One sign, drawn once and stamped often. Light ones are hollow with a broken outline. */
Yori.sign = function (symbol, radius, light) {
  var scale = window.devicePixelRatio > 1 ? 2 : 1, side = Math.ceil(radius * 2 + 6);
  var stamp = document.createElement("canvas");
  stamp.width = stamp.height = side * scale;
  stamp.side = side;
  var ink = stamp.getContext("2d");
  ink.scale(scale, scale);
  ink.translate(side / 2, side / 2);
  ink.beginPath();
  if (symbol.corners) {
    symbol.corners.forEach(function (c, i) { ink[i ? "lineTo" : "moveTo"](c[0] * radius, c[1] * radius); });
    ink.closePath();
  } else {
    ink.arc(0, 0, radius, 0, 2 * Math.PI);
  }
  ink.lineJoin = "round";
  ink.strokeStyle = "#fffdf9";
  ink.lineWidth = 4;
  ink.stroke();
  ink.fillStyle = symbol.hollow || light ? "#fffdf9" : symbol.colour;
  ink.fill();
  if (symbol.hollow || light) {
    ink.setLineDash(light ? [3, 2.4] : []);
    ink.strokeStyle = symbol.colour;
    ink.lineWidth = 2.2;
    ink.stroke();
  }
  return stamp;
};

/* Many points as one Leaflet path: projected at once, culled to the view, drawn by `drawPoints`. */
Yori.Points = L.Path.extend({
  initialize: function (points, options) {
    L.setOptions(this, options);
    this.points = points;
    this.shown = points.map(function () { return true; });
  },
  show: function (test) {
    this.shown = this.points.map(function (_, i) { return test(i); });
    if (this._map) { this.redraw(); }
  },
  _project: function () {
    var map = this._map, box = L.bounds([]);
    this._at = this.points.map(function (point) { return map.latLngToLayerPoint(point); });
    this._at.forEach(function (point) { box.extend(point); });
    this._margin = this.margin();
    this._pxBounds = box.isValid()
      ? L.bounds(box.min.subtract([this._margin, this._margin]), box.max.add([this._margin, this._margin]))
      : L.bounds([[0, 0], [0, 0]]);
  },
  _update: function () { if (this._map) { this._updatePath(); } },
  _updatePath: function () {
    if (!this._renderer._drawing || !this._renderer._bounds) { return; }
    this.drawPoints(this._renderer._ctx, this._visible());
  },
  _visible: function () {
    var view = this._renderer._bounds, margin = this._margin, seen = [];
    for (var i = 0; i < this._at.length; i++) {
      var p = this._at[i];
      if (this.shown[i] && p.x > view.min.x - margin && p.x < view.max.x + margin &&
          p.y > view.min.y - margin && p.y < view.max.y + margin) { seen.push(i); }
    }
    return seen;
  },
  _containsPoint: function () { return false; }
});

var MANY = 400, COARSE = 0.5;

/* Where people can walk to (歩いて行ける範囲): the union of all circles, with one outline. */
Yori.Reach = Yori.Points.extend({
  setDistance: function (metres) {
    this.metres = metres;
    if (this._map) { this.redraw(); }
  },
  margin: function () { return this._radius() + 3; },
  _radius: function () {
    var map = this._map, middle = map.getCenter();
    var east = L.latLng(middle.lat, middle.lng + 0.01);
    return this.metres / middle.distanceTo(east) *
      Math.abs(map.latLngToLayerPoint(east).x - map.latLngToLayerPoint(middle).x);
  },
  drawPoints: function (ink, visible) {
    if (visible.length > MANY) { this._drawMask(ink, visible); } else { this._drawPath(ink, visible); }
  },
  _drawPath: function (ink, visible) {
    var main = ink.canvas, at = this._at, radius = this._radius();
    var sheet = this._sheet || (this._sheet = document.createElement("canvas"));
    sheet.width = main.width;
    sheet.height = main.height;
    var pen = sheet.getContext("2d");
    pen.setTransform(ink.getTransform());
    pen.beginPath();
    visible.forEach(function (i) {
      pen.moveTo(at[i].x + radius, at[i].y);
      pen.arc(at[i].x, at[i].y, radius, 0, 2 * Math.PI);
    });
    pen.strokeStyle = this.options.color;
    pen.lineWidth = 4;
    pen.stroke();
    pen.globalCompositeOperation = "destination-out";
    pen.fill();
    pen.globalCompositeOperation = "source-over";
    pen.globalAlpha = 0.17;
    pen.fillStyle = this.options.color;
    pen.fill();
    ink.save();
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.drawImage(sheet, 0, 0);
    ink.restore();
  },
  /* A path of thousands of overlapping arcs takes the browser a third of a second. Here each circle
     marks where it begins and ends in every row of a coarse mask; a running sum tells what is inside. */
  _drawMask: function (ink, visible) {
    var view = this._renderer._bounds, size = view.getSize(), radius = this._radius() * COARSE;
    var wide = Math.ceil(size.x * COARSE), high = Math.ceil(size.y * COARSE), row = wide + 1;
    var steps = new Int16Array(row * high);
    visible.forEach(function (i) {
      var x = (this._at[i].x - view.min.x) * COARSE, y = (this._at[i].y - view.min.y) * COARSE;
      for (var line = Math.max(0, Math.ceil(y - radius)); line <= Math.min(high - 1, y + radius); line++) {
        var half = Math.sqrt(radius * radius - (line - y) * (line - y));
        var from = Math.max(0, Math.round(x - half)), to = Math.min(wide, Math.round(x + half));
        if (from < to) { steps[line * row + from]++; steps[line * row + to]--; }
      }
    }, this);
    var sheet = this._mask || (this._mask = document.createElement("canvas"));
    sheet.width = wide;
    sheet.height = high;
    sheet.getContext("2d").putImageData(paintedMask(steps, wide, high, this.options.color), 0, 0);
    ink.drawImage(sheet, view.min.x, view.min.y, wide / COARSE, high / COARSE);
  }
});

/* Inside pale, its outermost pixels in full colour. */
function paintedMask(steps, wide, high, colour) {
  var image = new ImageData(wide, high), row = wide + 1, inside = new Uint8Array(wide * high);
  var red = parseInt(colour.slice(1, 3), 16), green = parseInt(colour.slice(3, 5), 16), blue = parseInt(colour.slice(5, 7), 16);
  for (var y = 0; y < high; y++) {
    for (var x = 0, depth = 0; x < wide; x++) {
      depth += steps[y * row + x];
      inside[y * wide + x] = depth > 0 ? 1 : 0;
    }
  }
  for (var p = 0; p < inside.length; p++) {
    if (!inside[p]) { continue; }
    var column = p % wide, edge = (column > 0 && !inside[p - 1]) || (column < wide - 1 && !inside[p + 1]) ||
      (p >= wide && !inside[p - wide]) || (p < inside.length - wide && !inside[p + wide]);
    image.data[4 * p] = red;
    image.data[4 * p + 1] = green;
    image.data[4 * p + 2] = blue;
    image.data[4 * p + 3] = edge ? 255 : 43;
  }
  return image;
}

/* Places (通いの場) by the sign of their kind. */
Yori.Places = Yori.Points.extend({
  margin: function () { return 14; },
  radius: function () { return this._map.getZoom() >= 13 ? 8 : this._map.getZoom() >= 11.5 ? 6.5 : 5; },
  drawPoints: function (ink, visible) {
    var at = this._at, radius = this.radius(), options = this.options;
    var stamps = options.symbols.map(function (symbol) { return Yori.sign(symbol, radius); });
    var light = options.symbols.map(function (symbol) { return Yori.sign(symbol, radius, true); });
    visible.forEach(function (i) {
      var stamp = (options.light[i] ? light : stamps)[options.kind[i]], side = stamp.side;
      ink.drawImage(stamp, at[i].x - side / 2, at[i].y - side / 2, side, side);
    });
    if (!options.bare) { visible.forEach(function (i) { if (options.badge[i]) { this._drawBadge(ink, at[i], radius); } }, this); }
  },
  /* まちかど介護相談所: a ring on the sign's shoulder. */
  _drawBadge: function (ink, at, radius) {
    var size = Math.max(3.5, radius * 0.55), x = at.x + radius * 0.85, y = at.y - radius * 0.85;
    [[size + 1.5, "#fffdf9"], [size, "#8a5a00"], [size * 0.36, "#fffdf9"]].forEach(function (ring) {
      ink.beginPath();
      ink.arc(x, y, ring[0], 0, 2 * Math.PI);
      ink.fillStyle = ring[1];
      ink.fill();
    });
  },
  /* The shown place nearest to a point of the screen, within a finger's width. */
  nearest: function (point, reach) {
    var best = -1, least = reach * reach;
    for (var i = 0; i < this._at.length; i++) {
      if (!this.shown[i]) { continue; }
      var dx = this._at[i].x - point.x, dy = this._at[i].y - point.y, far = dx * dx + dy * dy;
      if (far < least) { least = far; best = i; }
    }
    return best;
  },
  /* Boxes of the signs in view, for words that want to keep clear of them. */
  boxes: function () {
    var at = this._at, r = this.radius() - 1;
    var seen = this._renderer && this._renderer._bounds ? this._visible() : [];
    // Among thousands there is no free spot to look for.
    return seen.length > 3 * MANY ? [] : seen.map(function (i) {
      return { x0: at[i].x - r, x1: at[i].x + r, y0: at[i].y - r, y1: at[i].y + r };
    });
  },
  /* The shown places that stand on the same spot of the screen as place i. */
  beside: function (i) {
    var spot = this._at[i], found = [];
    for (var j = 0; j < this._at.length; j++) {
      if (this.shown[j] && Math.abs(this._at[j].x - spot.x) < 5 && Math.abs(this._at[j].y - spot.y) < 5) { found.push(j); }
    }
    return found;
  }
});

/* Words on the map that never cover each other: gap numbers first, then areas, then landmarks. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var ruler = document.createElement("canvas").getContext("2d");

  function width(text, font) {
    ruler.font = font;
    return ruler.measureText(text).width;
  }

  function overlaps(a, b) {
    return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
  }

  Yori.Labels = function (map) {
    this.map = map;
    this.labels = [];
    map.on("zoomend viewreset moveend", this.arrange, this);
  };

  /* spec: at [lat, lon], html, text, font, size [w, h] or none, className, offsets, title, click,
     rank (smaller goes first), fromZoom, always (shown though it collides), overSigns (may cover
     the signs of places). `obstacles`, if set, gives the boxes of those signs. */
  Yori.Labels.prototype.add = function (spec) {
    var size = spec.size || [width(spec.text, spec.font) + 8, 22];
    var marker = L.marker(spec.at, {
      pane: spec.pane || "markerPane",
      interactive: !!spec.click,
      keyboard: !!spec.click,
      title: spec.title || "",
      alt: spec.title || "",
      zIndexOffset: spec.click ? 1000 : 0,
      icon: L.divIcon({ className: spec.className, html: spec.html, iconSize: size })
    });
    if (spec.click) {
      marker.on("click", spec.click);
      marker.on("keypress", function (e) { if (e.originalEvent.key === "Enter") { spec.click(); } });
    }
    var label = { spec: spec, marker: marker, size: size };
    this.labels.push(label);
    return label;
  };

  Yori.Labels.prototype.clear = function (group) {
    var map = this.map;
    this.labels = this.labels.filter(function (label) {
      if (label.spec.group === group) { map.removeLayer(label.marker); }
      return label.spec.group !== group;
    });
  };

  Yori.Labels.prototype.arrange = function () {
    var map = this.map, zoom = map.getZoom(), hidden = this.hidden || {};
    var taken = [], signs = this.obstacles ? this.obstacles() : [];
    var corner = map.containerPointToLayerPoint([0, 0]), end = corner.add(map.getSize());
    // Names keep clear of what lies over the map.
    var frame = map.getContainer().getBoundingClientRect();
    document.querySelectorAll(".leaflet-control, .enlarge").forEach(function (lid) {
      var box = lid.getBoundingClientRect(), at = corner.add([box.left - frame.left, box.top - frame.top]);
      if (box.width) { taken.push({ x0: at.x, x1: at.x + box.width, y0: at.y, y1: at.y + box.height }); }
    });
    var isIn = function (at) { return at.x > corner.x && at.x < end.x && at.y > corner.y && at.y < end.y; };
    var isWhole = function (box) { return box.x0 > corner.x && box.x1 < end.x && box.y0 > corner.y && box.y1 < end.y; };
    // Names of areas come first, if need be over the signs of places; smaller names make way.
    this.labels.slice().sort(function (a, b) { return a.spec.rank - b.spec.rank; }).forEach(function (label) {
      var spec = label.spec, found = null;
      if (zoom >= (spec.fromZoom || 0) && !hidden[spec.group]) {
        var at = map.latLngToLayerPoint(spec.at), w = label.size[0] / 2 + 2, h = label.size[1] / 2 + 1;
        // A name whose middle is in view is moved in whole: half a word at the edge says nothing.
        var inward = !isIn(at) ? 0 : Math.max(corner.x - (at.x - w) + 1, 0) - Math.max(at.x + w - end.x + 1, 0);
        (spec.offsets || [[0, 0]]).map(function (by) { return [by[0] + inward, by[1]]; }).some(function (by) {
          var box = { x0: at.x + by[0] - w, x1: at.x + by[0] + w, y0: at.y + by[1] - h, y1: at.y + by[1] + h };
          var hit = function (other) { return overlaps(box, other); };
          var free = !taken.some(hit) && (spec.overSigns || !signs.some(hit)) && (!isIn(at) || isWhole(box));
          if (free || spec.always) { found = { by: by, box: box }; }
          return free;
        });
      }
      if (!found) { map.removeLayer(label.marker); return; }
      taken.push(found.box);
      label.marker.addTo(map);
      label.marker.getElement().style.marginLeft = found.by[0] - label.size[0] / 2 + "px";
      label.marker.getElement().style.marginTop = found.by[1] - label.size[1] / 2 + "px";
      if (label.spec.title) { label.marker.getElement().setAttribute("aria-label", label.spec.title); }
    });
  };
})();

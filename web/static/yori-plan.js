/* A scenario on the map: a tap says where something is to be put, a tap on a sign which place is meant.
   Everything is sent by the forms beside it, which work without this script too. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var box = document.getElementById("plan-map");
  if (!box) { return; }
  document.documentElement.classList.add("scripted");
  var add = document.querySelector("[data-add]"), other = document.querySelector("[data-other]");
  var said = document.querySelector("[data-plan-said]"), chosen = document.querySelector("[data-candidate]");
  var shift = document.querySelector("[data-shift]");
  var map, pin = null, signs = {};

  function put(lat, lon, words) {
    [add, other].forEach(function (form) {
      form.elements.lon.value = lon.toFixed(6);
      form.elements.lat.value = lat.toFixed(6);
    });
    if (pin) { pin.remove(); }
    pin = L.marker([lat, lon], { icon: Yori.pin(), keyboard: false, alt: "示した位置" }).addTo(map);
    said.textContent = words;
  }

  function mean(place) {
    Object.keys(signs).forEach(function (id) { signs[id].getElement().firstChild.classList.toggle("chosen", Number(id) === place.id); });
    if (place.state === "added" || place.state === "closed") { said.textContent = place.name; return; }
    other.elements.place_id.value = place.id;
    other.closest("details").open = true;
    said.textContent = place.name + " を選びました。下の「閉じる・移す」で決めます。";
  }

  /* Dragged: a place of today fills in the form to move it, one of the scenario the form to put it elsewhere. */
  function dragged(place, at) {
    if (place.number === undefined) {
      mean(place);
      put(at.lat, at.lng, place.name + " の移す先を示しました。下の「この場所を移す」を押してください。");
      return;
    }
    shift.action = shift.dataset.shift.replace("NUMBER", place.number);
    shift.elements.lat.value = at.lat.toFixed(6);
    shift.elements.lon.value = at.lng.toFixed(6);
    shift.hidden = false;
    said.textContent = place.name + " を動かしました。よければ「ここに置き直す」を押してください。";
    shift.querySelector("button").focus();
  }

  function sign(place, number) {
    var mark = document.createElement("div"), face = document.createElement("i");
    mark.className = "plan-sign " + place.state;
    face.textContent = place.state === "added" ? String(number) : place.state === "closed" ? "×" : "";
    mark.appendChild(face);
    var marker = L.marker([place.lat, place.lon], {
      icon: L.divIcon({ className: "", html: mark.outerHTML, iconSize: [44, 44], iconAnchor: [22, 22] }), alt: place.name, title: place.name, keyboard: true, draggable: place.state !== "closed", autoPan: true
    }).addTo(map);
    marker.on("click", function () { mean(place); });
    marker.on("dragend", function () { dragged(place, marker.getLatLng()); });
    signs[place.id] = marker;
  }

  function draw(ground) {
    map = Yori.smallMap("plan-map");
    map.fitBounds(ground.bounds, { padding: [8, 8] });
    Yori.drawSmall(map, ground);
    var number = 0;
    JSON.parse(box.dataset.plan).places.forEach(function (place) {
      sign(place, place.state === "added" ? ++number : 0);
    });
    map.on("click", function (e) { put(e.latlng.lat, e.latlng.lng, "位置を示しました。下の「置く」か「移す」を押してください。"); });
  }

  if (chosen) {
    chosen.addEventListener("change", function () {
      var at = chosen.value.split(",").map(Number);
      if (at.length < 2) { return; }
      add.elements.name.value = chosen.selectedOptions[0].text;
      put(at[1], at[0], chosen.selectedOptions[0].text + " に印をつけました。「置く」を押してください。");
      map.setView([at[1], at[0]], Math.max(map.getZoom(), 14), { animate: false });
    });
  }
  fetch(box.dataset.ground).then(function (response) { return response.json(); }).then(draw)
    .catch(function () { said.textContent = "地図を出せませんでした。町か候補地を選んでください。"; });
})();

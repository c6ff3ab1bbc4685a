/* The panel beside the map: questions asked without reloading, tables that sort, rows that move the
   map. Without JavaScript the same form and links still work. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var asking = null;

  function byId(id) { return document.getElementById(id); }

  function answerOf(root) {
    return JSON.parse(root.querySelector("script[data-answer]").textContent);
  }

  Yori.firstAnswer = function () { return Promise.resolve(answerOf(byId("panel"))); };

  Yori.say = function (words) {
    var box = byId("message");
    box.textContent = words;
    box.hidden = !words;
  };

  Yori.showMap = function () {
    if (window.innerWidth <= 900) { byId("map-frame").scrollIntoView({ block: "start", behavior: "smooth" }); }
  };

  function query(form) {
    var asked = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (value) { asked.append(name, value); } });
    return asked;
  }

  /* One request answers everything: figures, table and gaps as HTML, the map's part as JSON in it. */
  function ask(form) {
    var asked = query(form), address = form.dataset.panel + "?" + asked;
    if (asking) { asking.abort(); }
    asking = new AbortController();
    byId("panel").setAttribute("aria-busy", "true");
    fetch(address, { signal: asking.signal }).then(function (response) {
      return response.text().then(function (html) {
        if (!response.ok) { throw new Error(response.status); }
        return html;
      });
    }).then(function (html) {
      byId("panel").innerHTML = html;
      Yori.answer(answerOf(byId("panel")));
      listPlaces();
      Yori.say("");
      history.replaceState(null, "", "?" + asked);
    }).catch(function (error) {
      if (error.name === "AbortError") { return; }
      Yori.say("新しい数字を取り出せませんでした。つながりを確かめて、もう一度選んでください。");
    }).finally(function () { byId("panel").removeAttribute("aria-busy"); });
  }

  /* In a saved file nothing can be asked: kinds and weekdays only hide places. */
  function hideOnly(form) {
    var asked = query(form), view = Yori.view;
    var shown = Yori.counting({ kinds: asked.getAll("kind"), weekdays: asked.getAll("weekday") });
    view.signs.show(shown);
    listPlaces();
  }

  function listen(form) {
    form.addEventListener("change", function (e) {
      var all = form.querySelector("[data-all-kinds]");
      if (e.target === all && all.checked) {
        form.querySelectorAll("[name=kind]").forEach(function (box) { box.checked = false; });
      } else if (e.target.name === "kind" && all) {
        all.checked = !form.querySelector("[name=kind]:checked");
      }
      if (form.dataset.panel) { ask(form); } else { hideOnly(form); }
    });
    form.addEventListener("submit", function (e) {
      e.preventDefault();
      if (form.dataset.panel) { ask(form); }
    });
  }

  function cellValue(row, column) {
    var cell = row.children[column];
    return cell.dataset.value === undefined ? cell.textContent : parseFloat(cell.dataset.value);
  }

  function sort(button) {
    var head = button.closest("th"), body = head.closest("table").tBodies[0];
    var column = Array.prototype.indexOf.call(head.parentNode.children, head);
    var down = head.getAttribute("aria-sort") !== "descending";
    head.parentNode.querySelectorAll("th").forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    Array.from(body.rows).sort(function (a, b) {
      var x = cellValue(a, column), y = cellValue(b, column);
      if (typeof x === "number") {
        if (isNaN(x) || isNaN(y)) { return isNaN(x) - isNaN(y); }
        return down ? y - x : x - y;
      }
      return down ? y.localeCompare(x, "ja") : x.localeCompare(y, "ja");
    }).forEach(function (row) { body.appendChild(row); });
  }

  function listPlaces() {
    var list = byId("place-list"), view = Yori.view;
    if (!list || !list.open || !view.places) { return; }
    var find = byId("place-find").value.normalize("NFKC").trim().toLowerCase(), body = list.querySelector("tbody");
    Yori.needDetails().then(function (details) {
      var found = [];
      for (var i = 0; i < view.places.id.length; i++) {
        var words = (view.places.name[i] + " " + (details.address[i] || "")).normalize("NFKC").toLowerCase();
        if (view.signs.shown[i] && words.indexOf(find) >= 0) { found.push(i); }
      }
      body.textContent = "";
      found.slice(0, 200).forEach(function (i) { body.appendChild(placeRow(view, details, i)); });
      byId("place-count").textContent = found.length.toLocaleString() + "か所" +
        (found.length > 200 ? "のうち200か所を表示しています" : "");
    });
  }

  function placeRow(view, details, i) {
    var row = document.createElement("tr"), head = document.createElement("th"), button = document.createElement("button");
    head.scope = "row";
    button.type = "button";
    button.className = "link";
    button.textContent = view.places.name[i];
    button.addEventListener("click", function () {
      view.map.setView(view.points[i], Math.max(view.map.getZoom(), 14));
      Yori.openPlace(i);
      Yori.showMap();
    });
    head.appendChild(button);
    row.appendChild(head);
    [view.sources.kindLabels[view.places.kinds[view.places.kind[i]]], details.when[i], details.phone[i] || "—"]
      .forEach(function (words) {
        var cell = document.createElement("td");
        cell.textContent = words;
        row.appendChild(cell);
      });
    return row;
  }

  document.addEventListener("click", function (e) {
    var target = e.target.closest("[data-gap],[data-sort],[data-enlarge],[data-area]");
    if (!target) { return; }
    if (target.dataset.gap) { Yori.goToGap(parseInt(target.dataset.gap, 10)); }
    if (target.dataset.area) { Yori.goToArea(target.dataset.area); }
    if (target.dataset.sort !== undefined) { sort(target); }
    if (target.dataset.enlarge !== undefined) { enlarge(target); }
  });

  function enlarge(button) {
    var large = document.body.classList.toggle("large-map");
    button.setAttribute("aria-pressed", String(large));
    button.textContent = large ? "もとの大きさ" : "地図を大きく";
    Yori.view.map.invalidateSize();
  }

  document.addEventListener("change", function (e) {
    if (e.target.dataset.layer) { Yori.switchLayer(e.target.dataset.layer, e.target.checked); }
  });

  document.addEventListener("DOMContentLoaded", function () {
    var form = byId("question"), list = byId("place-list");
    document.documentElement.classList.add("scripted");
    if (window.innerWidth <= 900) { document.querySelector(".legend").open = false; }
    if (form) { listen(form); }
    if (list) {
      list.addEventListener("toggle", function () {
        if (list.open && Yori.view) { listPlaces(); }
      });
      byId("place-find").addEventListener("input", listPlaces);
    }
  });
})();

/* The panel beside the map: questions asked without reloading, tables that sort, rows that move the
   map. Without JavaScript the same form and links still work. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var pending = null, answered = null;

  function byId(id) { return document.getElementById(id); }

  Yori.calm = function () { return window.matchMedia("(prefers-reduced-motion: reduce)").matches; };

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
    if (window.innerWidth > 900) { return; }
    byId("map-frame").scrollIntoView({ block: "start", behavior: Yori.calm() ? "auto" : "smooth" });
  };

  function query(form) {
    var asked = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (value) { asked.append(name, value); } });
    return asked;
  }

  /* One request answers everything: figures, table and gaps as HTML, the map's part as JSON in it.
     Where none comes, the old figures stay and the form says again what they answer. */
  function ask(form) {
    var asked = query(form), asking = new AbortController();
    if (pending) { pending.abort(); }
    pending = asking;
    byId("panel").setAttribute("aria-busy", "true");
    fetch(form.dataset.panel + "?" + asked, { signal: asking.signal }).then(function (response) {
      if (!response.ok) { throw new Error(response.status); }
      return response.text();
    }).then(function (html) {
      var fresh = document.createElement("template");
      fresh.innerHTML = html;
      var answer = answerOf(fresh.content);
      replacePanel(fresh.content);
      Yori.answer(answer);
      listPlaces();
      answered = asked;
      Yori.say("");
      byId("said").textContent = byId("panel").querySelector("h1").textContent;
      history.pushState(null, "", "?" + asked);
    }).catch(function () {
      if (asking.signal.aborted) { return; }
      put(form, answered);
      Yori.say("新しい数字を取り出せませんでした。つながりを確かめて、もう一度選んでください。");
    }).finally(function () {
      if (pending === asking) { byId("panel").removeAttribute("aria-busy"); }
    });
  }

  /* What was open and looked for stays so. */
  function replacePanel(fresh) {
    var open = byId("place-list").open, find = byId("place-find").value;
    byId("panel").replaceChildren(fresh);
    byId("place-list").open = open;
    byId("place-find").value = find;
  }

  function put(form, asked) {
    form.querySelectorAll("select").forEach(function (select) {
      if (asked.has(select.name) || select.name === "weekday" || select.name === "year") { select.value = asked.get(select.name) || ""; }
    });
    form.querySelectorAll("[type=checkbox][name]").forEach(function (box) {
      box.checked = asked.getAll(box.name).indexOf(box.value) >= 0;
    });
    if (Yori.followYears) { Yori.followYears(); }
    tellChosen(form);
  }

  /* What is folded away says in its heading what is chosen; すべての種類 is on when no kind is. */
  function tellChosen(form) {
    var some = form.querySelectorAll("[name=kind]:checked").length;
    form.querySelector("[data-all-kinds]").checked = !some;
    var told = [some ? some + "種類" : "", form.querySelector("[name=function]:checked") ? "できること" : "",
      form.querySelector("[name=confirmed]:checked") ? "確認済み" : ""].filter(Boolean);
    form.querySelector(".kinds-chosen").textContent = told.join("・") || "すべて";
    var changed = form.querySelector(".ways option:checked:not(:first-child), .ways input:checked");
    if (form.querySelector(".ways")) { form.querySelector(".ways-chosen").textContent = changed ? "変更中" : ""; }
  }

  /* In a saved file nothing can be asked: kinds and weekdays only hide places. */
  function hideOnly(form) {
    var asked = query(form);
    Yori.narrow({
      kinds: asked.getAll("kind"), weekdays: asked.getAll("weekday"), functions: asked.getAll("function"), confirmed: asked.has("confirmed")
    });
    listPlaces();
  }

  function listen(form) {
    slide(form);
    form.addEventListener("change", function (e) {
      var all = form.querySelector("[data-all-kinds]");
      if (e.target === all && all.checked) {
        form.querySelectorAll("[name=kind]").forEach(function (box) { box.checked = false; });
      }
      tellChosen(form);
      if (form.dataset.panel) { ask(form); } else { hideOnly(form); }
    });
    form.addEventListener("submit", function (e) {
      e.preventDefault();
      if (form.dataset.panel) { ask(form); }
    });
  }

  /* The years as a slider on the map; the list in the form stays, and both say the same. */
  function slide(form) {
    var select = form.querySelector("[data-slider]");
    if (!select) { return; }
    var box = document.createElement("label"), said = document.createElement("output"), bar = document.createElement("input");
    box.className = "year-slider";
    bar.type = "range";
    bar.min = 0;
    bar.max = select.options.length - 1;
    bar.setAttribute("aria-label", "いつの人口か");
    function tell() {
      said.textContent = select.options[bar.value].text;
      bar.setAttribute("aria-valuetext", said.textContent);
    }
    Yori.followYears = function () { bar.value = select.selectedIndex; tell(); };
    bar.addEventListener("input", tell);
    bar.addEventListener("change", function () {
      select.selectedIndex = bar.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    select.addEventListener("change", Yori.followYears);
    box.append(said, bar);
    byId("map-frame").appendChild(box);
    Yori.followYears();
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
    if (!list.open || !view || !view.places) { return; }
    var find = byId("place-find").value.normalize("NFKC").trim().toLowerCase(), body = list.querySelector("tbody");
    Yori.needDetails().then(function (details) {
      var found = [];
      for (var i = 0; i < view.places.id.length; i++) {
        var words = (view.places.name[i] + " " + (details.address[i] || "")).normalize("NFKC").toLowerCase();
        if (view.passes(i) && words.indexOf(find) >= 0) { found.push(i); }
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
      view.settled();
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
    var target = e.target.closest("[data-gap],[data-sort],[data-enlarge],[data-area],[data-town]");
    if (!target) { return; }
    if (target.dataset.gap) { Yori.goToGap(parseInt(target.dataset.gap, 10)); }
    if (target.dataset.area) { Yori.goTo(Yori.view.areas[target.dataset.area]); }
    if (target.dataset.town) { Yori.goTo(Yori.view.units["towns" + target.dataset.town]); }
    if (target.dataset.sort !== undefined) { sort(target); }
    if (target.dataset.enlarge !== undefined) { enlarge(target); }
  });

  function enlarge(button) {
    var large = document.body.classList.toggle("large-map");
    button.setAttribute("aria-pressed", String(large));
    button.textContent = large ? "もとの大きさ" : "地図を大きく";
    Yori.view.map.invalidateSize();
  }

  // Every answer brings a new list, so these listen for whichever is there.
  document.addEventListener("toggle", function (e) { if (e.target.id === "place-list") { listPlaces(); } }, true);
  document.addEventListener("input", function (e) { if (e.target.id === "place-find") { listPlaces(); } });

  document.addEventListener("change", function (e) {
    if (e.target.dataset.layer) { Yori.switchLayer(e.target.dataset.layer, e.target.checked); }
  });

  // Back and forward ask the server again: the address holds the whole question.
  window.addEventListener("popstate", function () { location.reload(); });

  document.addEventListener("DOMContentLoaded", function () {
    var form = byId("question");
    document.documentElement.classList.add("scripted");
    if (window.innerWidth <= 900) { document.querySelector(".legend").open = false; }
    answered = query(form);
    listen(form);
  });
})();

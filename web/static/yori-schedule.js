/* The schedule editor: 第2・第4水曜 10:00–11:30, 祝日休み. Writes the JSON the server keeps, and asks it
   for the words and the next dates, so that nobody has to trust a rule they cannot read. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var box = document.querySelector("[data-schedule]");
  if (!box) { return; }
  var text = box.querySelector("textarea"), editor = box.querySelector("[data-schedule-editor]");
  var preview = box.querySelector("[data-schedule-preview]"), form = box.closest("form");
  var WEEKS = [[0, "毎週"], [1, "第1"], [2, "第2"], [3, "第3"], [4, "第4"], [5, "第5"], [-1, "最後"]];
  var asking = null, timer = null;

  function make(tag, attributes, words) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      if (attributes[name] !== false) { made.setAttribute(name, attributes[name] === true ? "" : attributes[name]); }
    });
    if (words !== undefined) { made.textContent = words; }
    return made;
  }

  function tick(words, on, changed) {
    var label = make("label", { class: "tick" }), input = make("input", { type: "checkbox" });
    input.checked = on;
    input.addEventListener("change", function () { changed(input.checked); written(); });
    label.append(input, make("span", {}, words));
    return label;
  }

  function input(type, value, name, changed) {
    var made = make("input", { type: type, "aria-label": name, value: value || "" });
    made.addEventListener("change", function () { changed(made.value); written(); });
    return made;
  }

  function row(title, parts) {
    var made = make("div", { class: "chips" });
    made.append(make("b", {}, title));
    parts.forEach(function (part) { made.append(part); });
    return made;
  }

  var rule = null;

  function read() {
    try { rule = JSON.parse(text.value); } catch (e) { rule = null; }
    rule = Object.assign({ sittings: [], holidays_off: false, months_off: [], dates_off: [], extra_dates: [] }, rule);
  }

  function written() {
    text.value = rule.sittings.length || rule.extra_dates.length ? JSON.stringify(rule) : "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(timer);
    timer = setTimeout(ask, 200);
    draw();
  }

  function toggle(list, value, on) {
    var rest = (list || []).filter(function (each) { return each !== value; });
    return on ? rest.concat([value]) : rest;
  }

  function draw() {
    var at = document.activeElement, path = at && editor.contains(at) ? Array.from(editor.querySelectorAll("input,select,button")).indexOf(at) : -1;
    editor.textContent = "";
    rule.sittings.forEach(drawSitting);
    var add = make("button", { type: "button" }, rule.sittings.length ? "＋ ほかの曜日・時間" : "＋ 集まる日を入れる");
    add.addEventListener("click", function () { rule.sittings.push({ weeks: [], weekdays: "", opens_at: "10:00", closes_at: "11:30" }); written(); });
    editor.append(add);
    if (rule.sittings.length || rule.extra_dates.length) { drawRests(); }
    if (path >= 0) { var again = editor.querySelectorAll("input,select,button")[path]; if (again) { again.focus(); } }
  }

  function drawSitting(sitting, index) {
    var box = make("div", { class: "sitting", role: "group", "aria-label": index + 1 + "つ目の集まり" });
    var weeks = sitting.weeks || [];
    var byDay = !!sitting.month_days;
    box.append(row("いつ", WEEKS.map(function (week) {
      return tick(week[1], !byDay && (week[0] === 0 ? !weeks.length : weeks.indexOf(week[0]) >= 0), function (on) {
        sitting.weeks = week[0] === 0 ? [] : toggle(weeks, week[0], on);
        delete sitting.month_days;
      });
    }).concat([tick("毎月の何日", byDay, function (on) {
      if (on) { Object.assign(sitting, { month_days: [], weeks: [], weekdays: "" }); } else { delete sitting.month_days; }
    })])));
    if (byDay) { box.append(row("日にち", monthDays(sitting))); } else { box.append(row("曜日", "月火水木金土日".split("").map(function (day) {
      return tick(day, (sitting.weekdays || "").indexOf(day) >= 0, function (on) {
        sitting.weekdays = "月火水木金土日".split("").filter(function (d) {
          return d === day ? on : (sitting.weekdays || "").indexOf(d) >= 0;
        }).join("");
      });
    }))); }
    var gone = make("button", { type: "button", class: "plain" }, "この集まりを消す");
    gone.addEventListener("click", function () { rule.sittings.splice(index, 1); written(); });
    box.append(row("時間", [
      input("time", sitting.opens_at, "始まり", function (v) { sitting.opens_at = v || null; }), make("span", {}, "から"),
      input("time", sitting.closes_at, "終わり", function (v) { sitting.closes_at = v || null; }), make("span", {}, "まで"), gone]));
    editor.append(box);
  }

  function monthDays(sitting) {
    var choice = make("select", { "aria-label": "日にちを足す" });
    choice.append(make("option", { value: "" }, "日を選ぶ"));
    for (var day = 1; day <= 31; day += 1) {
      if (sitting.month_days.indexOf(day) < 0) { choice.append(make("option", { value: String(day) }, day + "日")); }
    }
    choice.addEventListener("change", function () {
      sitting.month_days = toggle(sitting.month_days, Number(choice.value), true).sort(function (a, b) { return a - b; });
      written();
    });
    return [choice].concat(sitting.month_days.map(function (day) {
      var gone = make("button", { type: "button", "aria-label": day + "日を消す" }, day + "日 ✕");
      gone.addEventListener("click", function () { sitting.month_days = toggle(sitting.month_days, day, false); written(); });
      return gone;
    }));
  }

  function drawRests() {
    var box = make("div", { class: "sitting", role: "group", "aria-label": "休み" });
    box.append(row("休み", [tick("祝日は休み", rule.holidays_off, function (on) { rule.holidays_off = on; })]));
    box.append(row("休みの月", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(function (month) {
      return tick(month + "月", rule.months_off.indexOf(month) >= 0, function (on) {
        rule.months_off = toggle(rule.months_off, month, on).sort(function (a, b) { return a - b; });
      });
    })));
    drawDates(box, "この日は休み", "dates_off");
    drawDates(box, "この日も開く", "extra_dates");
    editor.append(box);
  }

  function drawDates(box, title, name) {
    var parts = rule[name].map(function (day) {
      var gone = make("button", { type: "button", "aria-label": day + " を消す" }, day + " ✕");
      gone.addEventListener("click", function () { rule[name] = toggle(rule[name], day, false); written(); });
      return gone;
    });
    parts.push(input("date", "", title + "日を足す", function (v) { if (v) { rule[name] = toggle(rule[name], v, true).sort(); } }));
    box.append(row(title, parts));
  }

  function ask() {
    if (asking) { asking.abort(); }
    if (!text.value) { preview.textContent = ""; return; }
    asking = new AbortController();
    fetch(form.dataset.desk + "schedule.json?rule=" + encodeURIComponent(text.value), { signal: asking.signal })
      .then(function (response) { return response.json(); })
      .then(function (answer) {
        preview.classList.toggle("wrong", !!answer.wrong);
        preview.textContent = answer.wrong || answer.words + "　次は " + (answer.dates.join("、") || "ありません");
      }).catch(function () { /* the words come back with the next change */ });
  }

  read();
  draw();
  ask();
  form.addEventListener("filled", function () { read(); draw(); ask(); });
})();

/* What a tap on the map tells: a place's card, a town's card. Words come in as text, never as HTML. */
"use strict";
var Yori = window.Yori || {};

(function () {
  function element(tag, className, words) {
    var made = document.createElement(tag);
    if (className) { made.className = className; }
    if (words !== undefined) { made.textContent = words; }
    return made;
  }

  function line(list, term, words) {
    if (words === null || words === undefined || words === "") { return; }
    list.appendChild(element("dt", "", term));
    var value = element("dd");
    if (words.nodeType) { value.appendChild(words); } else { value.textContent = words; }
    list.appendChild(value);
  }

  function phone(number) {
    if (!number) { return null; }
    var link = element("a", "", number);
    link.href = "tel:" + number.replace(/[^0-9+]/g, "");
    return link;
  }

  function page(address) {
    if (!/^https?:\/\//.test(address || "")) { return null; }
    var link = element("a", "", "くわしいページ");
    link.href = address;
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    return link;
  }

  function ownPage(address) {
    var link = element("a", "", "この場のページ（次の日付・カレンダー）");
    link.href = address;
    return link;
  }

  /* Small pictures that open the large ones; a saved file has none. */
  function photos(shown, address) {
    var row = element("p", "photos");
    shown.forEach(function (photo) {
      var link = element("a"), picture = element("img");
      link.href = address + photo[0] + ".jpg";
      link.target = "_blank";
      picture.src = address + photo[0] + "/thumb.jpg";
      picture.alt = photo[1];
      picture.title = photo[1];
      picture.loading = "lazy";
      link.appendChild(picture);
      row.appendChild(link);
    });
    return row;
  }

  function functionWords(places, i, labels) {
    return places.functionCodes.filter(function (_, bit) { return places.functions[i] & (1 << bit); })
      .map(function (code) { return labels[code] || code; }).join("・");
  }

  Yori.placeCard = function (places, details, i, sources) {
    var card = element("div"), kind = places.kinds[places.kind[i]], labels = sources.kindLabels;
    var photoAddress = (sources.photos || {}).url;
    card.appendChild(element("p", "card-kind", (labels[kind] || labels.other) + (places.informal[i] ? "（なじみの場）" : "")));
    card.appendChild(element("h3", "", places.name[i]));
    if (photoAddress && details.photos[i].length) { card.appendChild(photos(details.photos[i], photoAddress)); }
    var list = element("dl");
    line(list, "いつ", [details.when[i], details.schedule_note[i]].filter(Boolean).join("　"));
    line(list, "どこ", [details.address[i], details.building[i]].filter(Boolean).join(" ") +
      (details.approximate[i] ? "（地図の位置はおおよそ）" : ""));
    line(list, "電話", phone(details.phone[i]));
    line(list, "相談", places.badge[i] ? "まちかど介護相談所（研修を受けた相談員がいます）" : null);
    line(list, "できること", functionWords(places, i, sources.functionLabels));
    line(list, "定員", details.capacity_people[i] === null ? null : details.capacity_people[i] + "人");
    line(list, "費用", details.fee[i]);
    line(list, "送迎", details.transport[i] === null ? null : details.transport[i] ? "あり" : "なし");
    line(list, "設備", details.accessibility[i]);
    line(list, "運営", details.organization[i]);
    line(list, "メモ", details.note[i]);
    line(list, "ページ", page(details.url[i]));
    line(list, "確認日", details.confirmed[i] || "まだ確認されていません");
    card.appendChild(list);
    if (sources.pages) { card.appendChild(element("p")).appendChild(ownPage(sources.pages.url + places.id[i])); }
    return card;
  };

  Yori.choiceCard = function (places, found, choose) {
    var card = element("div"), list = element("ul", "choices");
    card.appendChild(element("h3", "", "ここにある通いの場（" + found.length + "）"));
    found.forEach(function (i) {
      var item = element("li"), button = element("button", "link", places.name[i]);
      button.type = "button";
      button.addEventListener("click", function (e) { e.stopPropagation(); choose(i); });
      item.appendChild(button);
      list.appendChild(item);
    });
    card.appendChild(list);
    return card;
  };

  Yori.townCard = function (name, people, covered, question) {
    var card = element("div");
    card.appendChild(element("h3", "", name || "メッシュ"));
    var list = element("dl");
    line(list, question.age_label, people.toLocaleString() + "人");
    if (covered !== null) {
      line(list, "歩いて通える人", covered.toLocaleString() + "人");
      line(list, "通えない人", (people - covered).toLocaleString() + "人");
    }
    card.appendChild(list);
    return card;
  };
})();

/* Tables of the desk on a phone: each row becomes a card (yori-desk.css), each cell says its column. The roles keep
   the table a table for those who listen: display: block alone would take that away. */
"use strict";

(function () {
  function heard(cell) {
    var copy = cell.cloneNode(true);
    copy.querySelectorAll(".hidden").forEach(function (part) { part.remove(); });
    return copy.textContent.trim();
  }

  function role(found, name) { found.forEach(function (each) { each.setAttribute("role", name); }); }

  document.querySelectorAll("table.rows").forEach(function (table) {
    var heads = Array.from(table.querySelectorAll("thead th")).map(heard);
    table.setAttribute("role", "table");
    role(table.querySelectorAll("thead, tbody"), "rowgroup");
    role(table.querySelectorAll("tr"), "row");
    role(table.querySelectorAll("thead th"), "columnheader");
    role(table.querySelectorAll("tbody th"), "rowheader");
    role(table.querySelectorAll("tbody td"), "cell");
    table.querySelectorAll("tbody tr").forEach(function (row) {
      Array.from(row.cells).forEach(function (cell, n) {
        if (cell.tagName === "TD" && heads[n]) { cell.dataset.label = heads[n]; }
      });
    });
  });
})();

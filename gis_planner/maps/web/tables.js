"use strict";
/* Sorting and filtering of the tables that are on the page already. */
function planNumber(text, lang) {
  var plain = text.replace(/[\s\u202f\u00a0%]/g, "").replace("\u2212", "-");
  plain = lang === "fr" ? plain.replace(",", ".") : plain.replace(/,/g, "");
  return plain === "" ? NaN : Number(plain);
}

function planFold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

function planSort(table, column, down, lang) {
  var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
  var keys = rows.map(function (row) {
    var marked = row.cells[column].querySelector("[data-v]");
    return marked ? marked.dataset.v : row.cells[column].textContent;
  });
  var numbers = keys.map(function (key, at) {
    return rows[at].cells[column].querySelector("[data-v]") ? Number(key) : planNumber(key, lang);
  });
  var numeric = keys.every(function (key, at) { return key === "" || !isNaN(numbers[at]); });
  var compare = new Intl.Collator(lang, { numeric: true }).compare;
  var order = rows.map(function (_, at) { return at; });
  order.sort(function (a, b) {
    if ((keys[a] === "") !== (keys[b] === "")) { return keys[a] === "" ? 1 : -1; }
    var way = numeric ? numbers[a] - numbers[b] : compare(keys[a], keys[b]);
    return (down ? -way : way) || a - b;
  });
  order.forEach(function (at) { body.appendChild(rows[at]); });
}

function planTable(box) {
  var table = box.querySelector("table"), lang = document.documentElement.lang;
  var filter = box.querySelector("input[type=search]"), only = box.querySelector("input[type=checkbox]");
  var count = box.querySelector(".count"), rows = Array.prototype.slice.call(table.tBodies[0].rows), texts = null;
  table.querySelectorAll("thead button").forEach(function (button) {
    button.addEventListener("click", function () {
      var head = button.closest("th"), down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      planSort(table, head.cellIndex, down, lang);
    });
  });
  function update() {
    var wanted = filter ? planFold(filter.value) : "", shown = 0;
    texts = texts || rows.map(function (row) { return planFold(row.textContent); });
    rows.forEach(function (row, at) {
      var keep = texts[at].indexOf(wanted) >= 0 && !(only && only.checked && row.dataset.off === "1");
      row.hidden = !keep;
      shown += keep ? 1 : 0;
    });
    if (count) { count.textContent = count.dataset.text.replace("{n}", shown).replace("{all}", rows.length); }
  }
  if (filter) { filter.addEventListener("input", update); }
  if (only) { only.addEventListener("change", update); }
  update();
}

document.querySelectorAll(".table-box").forEach(planTable);
window.addEventListener("beforeprint", function () {
  document.querySelectorAll("details").forEach(function (box) { box.open = true; });
});
document.querySelectorAll("button[data-print]").forEach(function (button) {
  button.addEventListener("click", function () { window.print(); });
});

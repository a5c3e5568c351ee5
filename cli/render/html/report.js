"use strict";
// Nothing here is needed to read the report: tables can be sorted, and print shows what is folded.
(function () {
	var units = { KiB: 1024, MiB: 1048576, GiB: 1073741824, us: 1e-6, ms: 1e-3, ns: 1e-9 };

	function valueOf(row, column) {
		var text = row.cells[column] ? row.cells[column].textContent.trim() : "";
		var match = /^~?(-?\d+(?:\.\d+)?)\+?(?: ([A-Za-z]+))?$/.exec(text);

		if (/^0x[0-9a-f]+/.test(text))
			return { number: parseInt(text, 16), text: text };
		if (match)
			return { number: parseFloat(match[1]) * (units[match[2]] || 1), text: text };
		return { number: NaN, text: text };
	}

	// Numbers first, then words: what is not known ("-", "?") is last either way.
	function compare(a, b, sign) {
		var aUnknown = isNaN(a.number), bUnknown = isNaN(b.number);

		if (aUnknown !== bUnknown)
			return aUnknown ? 1 : -1;
		if (aUnknown)
			return sign * (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
		return sign * (a.number - b.number);
	}

	function sort(table, header, column) {
		var down = header.getAttribute("aria-sort") === "ascending";
		var body = table.tBodies[0];
		var rows = Array.prototype.map.call(body.rows, function (row, i) {
			return { row: row, value: valueOf(row, column), i: i };
		});

		rows.sort(function (a, b) {
			return compare(a.value, b.value, down ? -1 : 1) || a.i - b.i;
		});
		rows.forEach(function (entry) { body.appendChild(entry.row); });
		table.querySelectorAll("th").forEach(function (th) { th.removeAttribute("aria-sort"); });
		header.setAttribute("aria-sort", down ? "descending" : "ascending");
	}

	document.querySelectorAll("table").forEach(function (table) {
		table.querySelectorAll("thead th").forEach(function (header, column) {
			var button = document.createElement("button");

			button.type = "button";
			button.textContent = header.textContent;
			button.addEventListener("click", function () { sort(table, header, column); });
			header.replaceChildren(button);
		});
	});
	window.addEventListener("beforeprint", function () {
		document.querySelectorAll("details").forEach(function (details) { details.open = true; });
	});
	// A row that a map leads to may be folded away.
	window.addEventListener("hashchange", function () {
		var target = document.getElementById(location.hash.slice(1));
		var folded = target && target.closest("details");

		if (folded) {
			folded.open = true;
			target.scrollIntoView();
		}
	});
})();

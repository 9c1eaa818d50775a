"use strict";

// The page's state is in its address: the parameters that the server understands.
// Names come from scripts and peers, so they are only ever set as text.

const refreshEvery = 1000; // ms
const $ = (id) => document.getElementById(id);

let report = null; // the last answer
let paused = false;
let timer = 0;
let request = null; // aborts the fetch under way

// ---- the view

function viewParams() {
	const params = new URLSearchParams(location.search);
	params.delete("format");
	params.delete("file");
	return params;
}

function setView(changes) {
	const params = viewParams();
	for (const [key, value] of Object.entries(changes)) {
		if (value === "" || value === null) {
			params.delete(key);
		} else {
			params.set(key, value);
		}
	}
	const query = params.toString();
	history.replaceState(null, "", query ? "?" + query : location.pathname);
	load().then(() => setText($("announcement"), $("shown").textContent));
}

function sortBy(column) {
	const numeric = column.classList.contains("number");
	const key = column.dataset.sort;
	const desc = report && report.sort === key ? !report.desc : numeric;
	setView({ sort: key, desc: desc ? "1" : null, page: null });
}

// ---- drawing

function setText(element, text) {
	text = String(text);
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

function make(name, className, text) {
	const element = document.createElement(name);
	element.className = className;
	if (text !== undefined) {
		element.textContent = text;
	}
	return element;
}

// fill gives a table body one row per item. Rows and cells stay where they are, so that
// a selection, a hovered row and the scroll position outlive a refresh. A cell is
// { text, className, title }; the first of each row is its header.
function fill(table, items, cellsOf, emptyText) {
	const body = table.tBodies[0];
	body.querySelector(".empty")?.parentElement.remove();
	while (body.rows.length > items.length) {
		body.deleteRow(-1);
	}
	items.forEach((item, i) => {
		const row = body.rows[i] ?? body.insertRow();
		cellsOf(item).forEach(({ text, className = "", title = "" }, j) => {
			let cell = row.cells[j];
			if (!cell) {
				cell = document.createElement(j === 0 ? "th" : "td");
				if (j === 0) {
					cell.scope = "row";
				}
				cell.append(document.createElement("bdi"));
				row.append(cell);
			}
			if (cell.className !== className) {
				cell.className = className;
			}
			setText(cell.firstChild, text);
			if (cell.title !== title) {
				cell.title = title;
			}
		});
	});
	if (items.length === 0) {
		const cell = body.insertRow().insertCell();
		cell.colSpan = table.tHead.rows[0].cells.length;
		cell.className = "empty";
		cell.textContent = emptyText;
	}
}

const name = (text) => ({ text, className: "name", title: text.length > 60 ? text : "" });
const number = (text, zero) => ({ text, className: zero ? "number zero" : "number" });

function socketCells(s) {
	return [
		number(s.handle), { text: s.transport }, { text: s.kind }, { text: s.state, className: "state" }, name(s.local), name(s.remote),
		number(age(Math.floor(s.age))), number(bytes(s.bytes_in), !s.bytes_in), number(bytes(s.bytes_out), !s.bytes_out),
		number(perSecond(s.rate_in), !s.rate_in), number(perSecond(s.rate_out), !s.rate_out),
	];
}

function runCells(run) {
	const outcome = run.running ? { text: "running" }
		: run.error ? { text: run.error, className: "name bad", title: run.error }
		: { text: run.exit_status === 0 ? "ended" : "exit status " + run.exit_status };
	return [number(run.id), name(scriptName(run)), { text: time(run.started) }, number(age(run.running ? Math.floor(run.duration) : run.duration)), outcome];
}

function drawTotals() {
	const r = report;
	const totals = [
		["Open sockets", numbers.format(r.open), numbers.format(r.opened) + " opened"],
		["Accepted", numbers.format(r.accepted), "connections"],
		["In", perSecond(r.rate_in), bytes(r.bytes_in) + " in all"],
		["Out", perSecond(r.rate_out), bytes(r.bytes_out) + " in all"],
		["Runs", numbers.format(r.runs), r.run ? "one under way" : "none under way"],
		["Up", age(Math.floor(r.uptime)), "since " + dateTime(r.started)],
	];
	const list = $("totals");
	totals.forEach(([label, value, note], i) => {
		let item = list.children[i];
		if (!item) {
			item = make("div", "");
			item.append(make("dt", "", label), make("dd", ""));
			item.lastChild.append(make("span", ""), make("small", ""));
			list.append(item);
		}
		setText(item.lastChild.firstChild, value);
		setText(item.lastChild.lastChild, note);
	});
}

let hovered = null; // a time in the graphs

function hover(time) {
	hovered = time;
	for (const graph of graphs) {
		graph.hovered = time;
	}
	drawGraphs();
}

const graphs = [
	new Graph($("graph-bytes"), [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], (n) => perSecond(n).replace(/\.0+ |(\.\d*[1-9])0+ /, "$1 "), hover),
	new Graph($("graph-open"), [2, 4, 10], (n) => numbers.format(n), hover),
];

function drawGraphs() {
	const h = report.history;
	graphs[0].draw(h.time, [{ name: "in", values: h.rate_in }, { name: "out", values: h.rate_out }]);
	graphs[1].draw(h.time, [{ name: "open", values: h.open }]);

	let i = h.time.indexOf(hovered);
	const when = i < 0 ? "" : `, ${age(Math.round((h.time.at(-1) - h.time[i]) / 1000))} ago`;
	if (i < 0) {
		i = h.time.length - 1;
	}
	setText($("key-in"), "in " + perSecond(h.rate_in[i]));
	setText($("key-out"), "out " + perSecond(h.rate_out[i]) + when);
	setText($("key-open"), numbers.format(h.open[i]) + " open" + when);
	const most = (values) => Math.max(0, ...values);
	$("graph-bytes").setAttribute("aria-label", `Bytes per second: ${perSecond(report.rate_in)} in and ` +
		`${perSecond(report.rate_out)} out, at most ${perSecond(most(h.rate_in))} in and ${perSecond(most(h.rate_out))} out`);
	$("graph-open").setAttribute("aria-label", `Open sockets: ${numbers.format(report.open)}, at most ${numbers.format(most(h.open))}`);
}

function drawSockets() {
	const r = report;
	fill($("sockets"), r.sockets, socketCells, r.open === 0 ? "No socket is open." : "No socket matches the filter.");
	for (const column of document.querySelectorAll("[data-sort]")) {
		if (column.dataset.sort === r.sort) {
			column.setAttribute("aria-sort", r.desc ? "descending" : "ascending");
		} else {
			column.removeAttribute("aria-sort");
		}
	}
	const first = (r.page - 1) * r.limit;
	const range = r.sockets.length ? `${numbers.format(first + 1)} to ${numbers.format(first + r.sockets.length)} of ` : "";
	const of = r.matched === r.open ? `${numbers.format(r.open)} sockets`
		: `${numbers.format(r.matched)} that match, ${numbers.format(r.open)} in all`;
	setText($("shown"), range + of);
	$("previous").disabled = r.page <= 1;
	$("next").disabled = r.page >= r.pages;
	setText($("groups"), r.groups.map((g) => `${numbers.format(g.open)} ${g.transport} ${g.kind}`).join(" · "));
	if (document.activeElement !== $("filter")) {
		$("filter").value = r.q;
	}
	if (document.activeElement !== $("limit")) {
		const limit = $("limit");
		if (![...limit.options].some((option) => option.value === String(r.limit))) {
			limit.add(new Option(r.limit));
		}
		limit.value = r.limit;
	}
}

function draw() {
	const r = report;
	setText($("engine"), `PHP ${r.version} · ` + (r.draining ? "draining · " : "") +
		(r.run ? `running ${scriptName(r.run)} for ${age(Math.floor(r.run.duration))}` : "idle"));
	document.title = `${numbers.format(r.open)} sockets · phpsock`;
	drawTotals();
	drawGraphs();
	const runs = r.run ? [{ ...r.run, running: true }, ...r.recent] : r.recent;
	fill($("runs"), runs, runCells, "No script has run.");
	drawSockets();
}

// ---- refreshing

async function load() {
	clearTimeout(timer);
	request?.abort();
	const mine = request = new AbortController();
	const params = viewParams();
	params.set("format", "json");
	try {
		const signal = AbortSignal.any([mine.signal, AbortSignal.timeout(10_000)]);
		const response = await fetch("?" + params, { signal, cache: "no-store" });
		if (!response.ok) {
			throw new Error(`the server says ${response.status} ${response.statusText}`);
		}
		report = await response.json();
		setText($("problem"), "");
		document.body.classList.remove("stale");
		draw();
	} catch (error) {
		if (mine.signal.aborted) {
			return; // another one is under way
		}
		setText($("problem"), `No fresh numbers: ${error.message}`);
		document.body.classList.add("stale");
	}
	if (!paused && !document.hidden) {
		timer = setTimeout(load, refreshEvery);
	}
}

$("pause").addEventListener("click", () => {
	paused = !paused;
	$("pause").setAttribute("aria-pressed", paused);
	if (paused) {
		clearTimeout(timer);
	} else {
		load();
	}
});
document.addEventListener("visibilitychange", () => {
	if (!document.hidden && !paused) {
		load();
	}
});
for (const column of document.querySelectorAll("[data-sort]")) {
	const button = make("button", "", column.textContent);
	button.type = "button";
	button.addEventListener("click", () => sortBy(column));
	column.replaceChildren(button);
}
$("view").addEventListener("submit", (event) => event.preventDefault());
$("filter").addEventListener("input", () => setView({ q: $("filter").value, page: null }));
$("limit").addEventListener("change", () => setView({ limit: $("limit").value, page: null }));
$("previous").addEventListener("click", () => setView({ page: report.page - 1 }));
$("next").addEventListener("click", () => setView({ page: report.page + 1 }));
window.addEventListener("resize", () => report && drawGraphs());

load();

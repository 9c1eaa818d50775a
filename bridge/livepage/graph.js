"use strict";

// Graph draws lines over time into an SVG element. Values that are null leave a gap.
// A pointer over it chooses a sample, which onHover gets as an index, -1 when it leaves.
class Graph {
	static #ns = "http://www.w3.org/2000/svg";
	static #margin = { top: 10, right: 10, bottom: 20, left: 64 };
	static #gap = 10_000; // ms without a sample: nobody looked
	static #shortest = 60_000; // ms that are shown at least

	constructor(svg, steps, format, onHover) {
		Object.assign(this, { svg, steps, format, times: [], hovered: null });
		svg.addEventListener("pointermove", (event) => {
			this.hovered = this.#nearest(event.clientX - svg.getBoundingClientRect().left);
			onHover(this.hovered);
		});
		svg.addEventListener("pointerleave", () => {
			this.hovered = null;
			onHover(null);
		});
	}

	// lines: [{ name, values }], one value for each of the times, which are ms.
	draw(times, lines) {
		const margin = Graph.#margin;
		const width = this.svg.clientWidth || 600;
		const height = this.svg.clientHeight || 160;
		const end = times.at(-1) ?? 0;
		const span = Math.max(end - (times[0] ?? end), Graph.#shortest);
		const top = this.#top(Math.max(0, ...lines.flatMap((line) => line.values)));
		const x = (time) => width - margin.right - ((end - time) / span) * (width - margin.left - margin.right);
		const y = (value) => height - margin.bottom - (value / top) * (height - margin.top - margin.bottom);
		this.times = times;
		this.x = x;

		const parts = [];
		for (const value of [0, top / 2, top]) {
			if (value !== Math.floor(value)) {
				continue;
			}
			parts.push(this.#make("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: y(value), y2: y(value) }));
			parts.push(this.#make("text", { x: margin.left - 6, y: y(value) + 4, "text-anchor": "end" }, this.format(value)));
		}
		for (const [share, anchor] of [[1, "start"], [0.5, "middle"], [0, "end"]]) {
			const label = share ? "−" + age(share * span / 1000) : "now";
			parts.push(this.#make("text", { x: x(end - share * span), y: height - 4, "text-anchor": anchor }, label));
		}
		const cursor = times.indexOf(this.hovered);
		if (cursor >= 0) {
			const at = x(this.hovered);
			parts.push(this.#make("line", { class: "cursor", x1: at, x2: at, y1: margin.top, y2: height - margin.bottom }));
		}
		for (const line of lines) {
			parts.push(this.#make("path", { class: line.name, d: this.#path(times, line.values, x, y) }));
		}
		this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
		this.svg.replaceChildren(...parts);
	}

	#path(times, values, x, y) {
		let path = "";
		let last = null; // the time of the point before, null after a gap
		values.forEach((value, i) => {
			if (value === null) {
				last = null;
				return;
			}
			const joined = last !== null && times[i] - last <= Graph.#gap;
			path += `${joined ? "L" : "M"}${x(times[i]).toFixed(1)} ${y(value).toFixed(1)}`;
			last = times[i];
		});
		return path;
	}

	// The end of the scale: a round number not below any value.
	#top(largest) {
		let unit = 1;
		for (;;) {
			const step = this.steps.find((n) => n * unit >= largest);
			if (step) {
				return step * unit;
			}
			unit *= this.steps.at(-1);
		}
	}

	#nearest(x) {
		let best = null;
		for (const time of this.times) {
			if (best === null || Math.abs(this.x(time) - x) < Math.abs(this.x(best) - x)) {
				best = time;
			}
		}
		return best;
	}

	#make(name, attributes, text) {
		const element = document.createElementNS(Graph.#ns, name);
		for (const [key, value] of Object.entries(attributes)) {
			element.setAttribute(key, value);
		}
		if (text !== undefined) {
			element.textContent = text;
		}
		return element;
	}
}

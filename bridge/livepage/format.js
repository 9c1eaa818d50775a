"use strict";

// Numbers, ages and names as people read them.

const numbers = new Intl.NumberFormat("en");

function bytes(n) {
	if (n === null) {
		return "–";
	}
	const units = ["B", "kB", "MB", "GB", "TB", "PB"];
	let unit = 0;
	while (n >= 999.5 && unit < units.length - 1) {
		n /= 1000;
		unit++;
	}
	const digits = unit === 0 || n >= 100 ? 0 : n >= 10 ? 1 : 2;
	// A trickle is not nothing.
	return (unit === 0 && n > 0 && n < 1 ? "<1" : n.toFixed(digits)) + " " + units[unit];
}

const perSecond = (n) => (n === null ? "–" : bytes(n) + "/s");

function age(seconds) {
	if (seconds < 10 && seconds !== Math.floor(seconds)) {
		return seconds < 1 ? Math.round(seconds * 1000) + " ms" : seconds.toFixed(1) + " s";
	}
	const s = Math.floor(seconds);
	const parts = [[Math.floor(s / 86400), "d"], [Math.floor(s / 3600) % 24, "h"], [Math.floor(s / 60) % 60, "min"], [s % 60, "s"]];
	const first = parts.findIndex(([n]) => n > 0);
	if (first < 0) {
		return "0 s";
	}
	return parts.slice(first, first + 2).filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`).join(" ");
}

function time(text) {
	return new Date(text).toLocaleTimeString("en-GB");
}

function dateTime(text) {
	return new Date(text).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

const scriptName = (run) => run.script || "code given as text";

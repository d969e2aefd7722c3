// Every custom error that is declared is thrown by a contract of ours, and named by a test: an interface that promises a refusal which never comes misleads,
// and a refusal that no test asks for is a guard that could go unnoticed.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const sourcesBelow = (folder) => fs.readdirSync(path.join(root, folder), { recursive: true })
    .filter((file) => file.endsWith(".sol"))
    .map((file) => fs.readFileSync(path.join(root, folder, file), "utf8"));
const namesIn = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

const declared = new Set(sourcesBelow("src").flatMap((text) => namesIn(text, /^\s*error ([A-Z]\w*_\w+)\(/gm)));
const thrown = new Set(sourcesBelow("src").flatMap((text) => namesIn(text, /revert (?:\w+\.)?([A-Z]\w*_\w+)\(/g)));
const named = new Set(sourcesBelow("test").flatMap((text) => namesIn(text, /\b([A-Z]\w*_\w+)\.selector/g)));
const missing = [...thrown].filter((error) => !named.has(error)).sort();
for (const error of missing) console.error(`no test expects ${error}`);
const idle = [...declared].filter((error) => !thrown.has(error)).sort();
for (const error of idle) console.error(`no contract throws ${error}`);
console.log(`${declared.size} errors, ${idle.length} that nobody throws, ${missing.length} without a test`);
process.exitCode = missing.length === 0 && idle.length === 0 && thrown.size > 0 ? 0 : 1;

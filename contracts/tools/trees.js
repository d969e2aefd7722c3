// Compares the behaviour trees with the tests beside them: every leaf names, after a middle dot, tests that exist, and every test has a leaf.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..", "test");
const folders = ["artifacts", "deploy", "dws", "external", "governance", "market", "naming", "registry", "settlement", "staking", "token"];
const problems = [];
let leaves = 0;
for (const folder of folders) {
    for (const name of fs.readdirSync(path.join(root, folder)).filter((file) => file.endsWith(".sol"))) {
        const tests = new Set([...fs.readFileSync(path.join(root, folder, name), "utf8").matchAll(/function (test(?:Fuzz)?_\w+)\(/g)].map((match) => match[1]));
        if (tests.size === 0) continue;
        const tree = path.join(root, folder, name.replace(/(\.t)?\.sol$/, ".tree"));
        const shown = path.relative(root, tree);
        if (!fs.existsSync(tree)) {
            problems.push(`${shown} is missing`);
            continue;
        }
        const lines = fs.readFileSync(tree, "utf8").split("\n").filter((line) => line.includes("── "));
        const depth = (line) => line.indexOf("── ");
        const named = new Set();
        lines.forEach((line, index) => {
            const isLeaf = index + 1 === lines.length || depth(lines[index + 1]) <= depth(line);
            if (!isLeaf) return;
            leaves++;
            const names = (line.split(" · ")[1] ?? "").split(", ").filter(Boolean);
            if (names.length === 0) problems.push(`${shown}: no test behind '${line.trim()}'`);
            for (const test of names) {
                named.add(test);
                if (!tests.has(test)) problems.push(`${shown}: ${name} has no ${test}`);
            }
        });
        for (const test of tests) if (!named.has(test)) problems.push(`${shown}: no leaf for ${test}`);
    }
}
for (const problem of problems) console.error(problem);
console.log(`${leaves} leaves, ${problems.length} problems`);
process.exitCode = problems.length === 0 && leaves > 0 ? 0 : 1;

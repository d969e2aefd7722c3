// Writes or checks test/suite/surface.json: every function that changes state, of every contract that is deployed, and the names of all errors, from the
// compiled ABIs. `node tools/surface.js` compares, `node tools/surface.js --accept` writes. Run `forge build` first.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
// The other half of an implementation: its functions are called at the first one's address.
const HALVES = { ExternalChainProvider: ["ExternalChainProviderExtension"] };
const NOT_ALONE = ["ExternalChainProviderExtension", "SuiteProxy"];

function sourcesBelow(folder) {
    return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? sourcesBelow(path.join(folder, entry.name)) : entry.name.endsWith(".sol") ? [path.join(folder, entry.name)] : []);
}

const artifactOf = (name) => {
    const file = path.join(root, "out", `${name}.sol`, `${name}.json`);
    return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : null;
};
const typeOf = (input) => input.type.replace(/^tuple/, () => `(${input.components.map(typeOf).join(",")})`);
const signatureOf = (entry) => `${entry.name}(${entry.inputs.map(typeOf).join(",")})`;
const changes = (entry) => entry.type === "function" && entry.stateMutability !== "view" && entry.stateMutability !== "pure";

const errors = {};
const contracts = {};
for (const name of sourcesBelow(path.join(root, "src")).map((file) => path.basename(file, ".sol")).sort()) {
    const artifact = artifactOf(name);
    if (!artifact) continue;
    for (const entry of artifact.abi.filter((candidate) => candidate.type === "error")) errors[signatureOf(entry)] = entry.name;
    const isDeployed = artifact.bytecode.object.length > 2 && !NOT_ALONE.includes(name);
    const halves = [artifact, ...(HALVES[name] ?? []).map(artifactOf)];
    const functions = [...new Set(halves.flatMap(({ abi }) => abi.filter(changes).map(signatureOf)))].sort();
    if (isDeployed && functions.length > 0) contracts[name] = functions;
}
const surface = `${JSON.stringify({ contracts: Object.keys(contracts), functions: contracts, errors: Object.keys(errors).sort() }, null, 2)}\n`;
const target = path.join(root, "test", "suite", "surface.json");
if (process.argv.includes("--accept")) {
    fs.writeFileSync(target, surface);
} else if (!fs.existsSync(target) || fs.readFileSync(target, "utf8") !== surface) {
    console.error("test/suite/surface.json is not what the contracts have now. Accept with: node tools/surface.js --accept");
    process.exitCode = 1;
}

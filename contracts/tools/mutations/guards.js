// Finds the guards of a Solidity source and writes it anew with a switch or a mark in each.
//
// A guard is: an `if` whose branch is a revert; a call of a function whose name begins with _require, _check or _only; a modifier onlyRole, nonReentrant
// or one that the sources define. The switch is the block's coinbase: guard 17 is gone while the coinbase is address 17. So all guards are compiled
// once, and forge's own setting (FOUNDRY_BLOCK_COINBASE) takes away one of them per run.
//
// `initializer` is no guard here: without it no contract initializes at all.
"use strict";

const CALL = /^(?:_require|_check|_only|_disableInitializers)\w*$/;
const LIBRARY_MODIFIERS = { onlyRole: "_checkRole", nonReentrant: null };

/** The text with comments and strings blanked, so that positions stay. */
function codeOf(text) {
    return text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"/g, (found) => found.replace(/[^\n]/g, " "));
}

function closing(code, open) {
    const pairs = { "(": ")", "{": "}" };
    const [left, right] = [code[open], pairs[code[open]]];
    let depth = 0;
    for (let at = open; at < code.length; at++) {
        if (code[at] === left) depth++;
        if (code[at] === right && --depth === 0) return at;
    }
    throw new Error(`no end of ${left} at ${open}`);
}

/** The modifiers that a source defines: name → parameters and checks. */
function modifiersOf(text) {
    const code = codeOf(text);
    const found = {};
    for (const match of code.matchAll(/\bmodifier\s+(\w+)\s*(\([^)]*\))?\s*\{/g)) {
        const open = match.index + match[0].length - 1;
        const end = closing(code, open);
        const rest = code.lastIndexOf("_;", end);
        found[match[1]] = { parameters: match[2] ?? "()", checks: [open + 1, rest], end };
    }
    return found;
}

function functionsOf(code) {
    const found = [];
    for (const match of code.matchAll(/\bfunction\s+(\w+)\s*\(|\b(?:constructor)\s*\(/g)) {
        const parametersEnd = closing(code, match.index + match[0].length - 1);
        const body = code.slice(parametersEnd).search(/[;{]/) + parametersEnd;
        if (code[body] === "{") found.push({ header: [parametersEnd + 1, body], body });
    }
    return found;
}

/**
 * The guards of one source, in order: line, what, and the edits that put a switch or a mark into each.
 * @param modifiers names of modifiers of all sources
 */
function guardsOf(text, modifiers) {
    const code = codeOf(text);
    const guards = [];
    const bodies = Object.values(modifiersOf(text)).map(({ checks }) => checks);
    const add = (at, what, edits) => {
        // What a modifier checks is taken away at each of its uses.
        if (!bodies.some(([from, to]) => at >= from && at < to)) guards.push({ at, what: what.replace(/\s+/g, " ").trim(), ...edits });
    };
    const around = (id, call) => `{ entered(${id}); ${call} passed(${id}); }`;

    for (const match of code.matchAll(/\bif\s*\(/g)) {
        const open = match.index + match[0].length - 1;
        const end = closing(code, open);
        if (!/^\s*(?:\{\s*)?revert\b/.test(code.slice(end + 1))) continue;
        add(match.index, `if ${text.slice(open, end + 1)} revert`, {
            switched: (off) => [[open + 1, open + 1, `${off} && (`], [end, end, ")"]],
            marked: (id) => [[open + 1, open + 1, "("], [end, end, `) && refused(${id})`]],
        });
    }
    for (const match of code.matchAll(/([;{})])\s*(\w+)\s*\(/g)) {
        if (!CALL.test(match[2])) continue;
        const start = match.index + match[0].search(/\w/);
        const end = closing(code, match.index + match[0].length - 1);
        if (!/^\s*;/.test(code.slice(end + 1))) continue;
        const after = code.indexOf(";", end) + 1;
        add(start, text.slice(start, end + 1), {
            switched: (off) => [[start, start, `if (${off}) `]],
            marked: (id) => [[start, after, around(id, text.slice(start, after))]],
        });
    }
    for (const { header, body } of functionsOf(code)) {
        const [from, to] = header;
        for (const match of code.slice(from, to).matchAll(/\b(\w+)\b(\s*\()?/g)) {
            const name = match[1];
            if (!(name in LIBRARY_MODIFIERS) && !modifiers.has(name)) continue;
            const start = from + match.index;
            const end = match[2] ? closing(code, start + match[0].length - 1) + 1 : start + name.length;
            const call = match[2] ? text.slice(start + name.length, end).trim() : "()";
            const check = `${LIBRARY_MODIFIERS[name] ?? `_modifier_${name}`}${call};`;
            const inBody = (statement) => [[start, end, ""], [body + 1, body + 1, ` ${statement}`]];
            const inLibrary = (id) => [[start, end, `nonReentrantOf(${id})`]];
            add(start, text.slice(start, end), {
                switched: (off, id) => (name === "nonReentrant" ? inLibrary(id) : inBody(`if (${off}) ${check}`)),
                marked: (id) => (name === "nonReentrant" ? inLibrary(id) : inBody(around(id, check))),
            });
        }
    }
    guards.sort((left, right) => left.at - right.at);
    for (const guard of guards) guard.line = text.slice(0, guard.at).split("\n").length;
    return guards;
}

/** The source with a switch in each guard. */
function withSwitches(text, guards) {
    return rewritten(text, guards.flatMap((guard) => guard.switched(`block.coinbase != address(${guard.id})`, guard.id)));
}

/** The source with a mark in each guard, made by what `library` declares. */
function withMarks(text, guards, library) {
    const marked = rewritten(text, guards.flatMap((guard) => guard.marked(guard.id)));
    if (guards.length === 0) return marked;
    return marked.replace(/^pragma solidity[^;]*;/m, (pragma) => `${pragma}\nimport {refused, entered, passed} from "${library}";`);
}

function rewritten(text, edits) {
    // What a modifier checks becomes a function, so that each use can be switched or marked alone.
    for (const [name, { parameters, checks: [from, to], end }] of Object.entries(modifiersOf(text))) {
        edits.push([end + 1, end + 1, `\n    function _modifier_${name}${parameters} internal view {${text.slice(from, to)}}`]);
    }
    // From the back; edits at one place keep their order.
    const ordered = edits.map((edit, index) => [...edit, index]).sort((a, b) => b[0] - a[0] || b[3] - a[3]);
    let result = text;
    for (const [from, to, insert] of ordered) result = result.slice(0, from) + insert + result.slice(to);
    return viewInsteadOfPure(result);
}

/** Reading the coinbase, or calling a cheat code, is no pure thing: every pure function becomes a view. */
function viewInsteadOfPure(text) {
    const code = codeOf(text);
    let result = "";
    let from = 0;
    for (const match of code.matchAll(/\bpure\b/g)) {
        result += `${text.slice(from, match.index)}view`;
        from = match.index + 4;
    }
    return result + text.slice(from);
}

module.exports = { guardsOf, modifiersOf, viewInsteadOfPure, withMarks, withSwitches };

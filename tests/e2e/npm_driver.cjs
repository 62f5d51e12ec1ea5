// Calls methods of the MemoryClient of npm's mem0ai that it is told line by line.
//
// Arguments: the folder node_modules, the host, the key. Reads {"method": "getAll", "args": [...]}
// and writes {"value": ...} or {"error": {"type", "text", "code"}}, one line each.
"use strict";

const path = require("node:path");
const readline = require("node:readline");

const [modules, host, apiKey] = process.argv.slice(2);
const { MemoryClient } = require(path.join(modules, "mem0ai"));
const client = new MemoryClient({ apiKey, host });

const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");

async function answer({ method, args }) {
  try {
    return { value: (await client[method](...args)) ?? null };
  } catch (error) {
    return { error: { type: error.name, text: error.message, code: error.errorCode ?? null } };
  }
}

async function main() {
  await client.ping();
  say({ value: "ready" });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    say(await answer(JSON.parse(line)));
  }
}

main();

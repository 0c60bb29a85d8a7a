#!/usr/bin/env node
/** `tentaculo`. Plain JavaScript, so that an old Node can say what it needs. */
import { existsSync } from 'node:fs'

const bundle = new URL('../dist/tentaculo.js', import.meta.url)

const end = (sentence) => {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

if (Number.parseInt(process.versions.node, 10) < 24) {
  end(`tentaculo needs Node 24 or newer, and found ${process.version}.`)
}
if (!existsSync(bundle)) end('Nothing is built yet: run `npm run build`, or `npm run tentaculo --` for the sources.')
await import(bundle)

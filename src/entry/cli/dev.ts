/**
 * `npm run dev`: rebuilds and restarts the Node gateway when a source changes, and rebuilds the console when it
 * changes; a failed build keeps the old one.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { context } from 'esbuild'
import { watchConsole } from './build-console.ts'
import { startOptions } from './command/start-options.ts'
import { serverBundle } from './server-bundle.ts'

let gateway: ChildProcess | undefined

/** SIGTERM drains; after three seconds the gateway is killed. */
async function stop(): Promise<void> {
  const running = gateway
  if (!running || running.exitCode !== null || running.signalCode !== null) return
  const exited = once(running, 'exit')
  running.kill('SIGTERM')
  const killTimer = setTimeout(() => running.kill('SIGKILL'), 3000)
  await exited
  clearTimeout(killTimer)
}

async function restart(): Promise<void> {
  await stop()
  gateway = spawn(process.execPath, [...startOptions, '--enable-source-maps', 'dist/node.js'], {
    stdio: 'inherit',
  })
}

/** Serialises restarts, even if builds end faster than the gateway stops. */
let turn = Promise.resolve()

const watched = await context({
  ...serverBundle,
  plugins: [
    {
      name: 'restart',
      setup: ({ onEnd }) =>
        onEnd(({ errors }) => {
          if (errors.length === 0) turn = turn.then(restart)
        }),
    },
  ],
})
await watched.watch()
await watchConsole()

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    await watched.dispose()
    await turn.then(stop)
    process.exit(0)
  })
}

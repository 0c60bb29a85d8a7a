/** `npm run dev`: the gateway with the console in front of it, reloaded while it is edited. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const port = Number(process.env.PORT || 8000)
const gatewayPort = port + 1
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

process.env.VX11_GATEWAY = `http://127.0.0.1:${gatewayPort}`
const gateway: ChildProcess = spawn(process.execPath, ['--no-memory-reducer', here('../dist/node.js')], {
  env: { ...process.env, HOST: '127.0.0.1', PORT: String(gatewayPort) },
  stdio: 'inherit',
})
const vite = await createServer({
  configFile: here('./vite.config.ts'),
  server: { port, host: '127.0.0.1', strictPort: true },
})
await vite.listen()
process.stderr.write(`The console, reloaded while it is edited: http://127.0.0.1:${port}/operator/ui/\n`)

const stop = async () => {
  gateway.kill('SIGTERM')
  await vite.close()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
gateway.once('exit', async (code) => {
  await vite.close()
  process.exit(code ?? 0)
})

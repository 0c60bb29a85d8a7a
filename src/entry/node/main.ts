/** The gateway as a Node server: config, deps, services, app, serve. */
import { createGateway } from '../../app.ts'
import { parseConfig, unknownVariables } from '../../config/config.ts'
import { consoleToLog } from './console-to-log.ts'
import { readFirstRunToken } from './first-run-token.ts'
import { serveNode } from './http/node-server.ts'
import { nodeDeps } from './node-deps.ts'

const environment = { ...process.env }
const config = readConfig(environment)
const { deps, close } = await nodeDeps(config)
consoleToLog(deps.log)
for (const name of unknownVariables(environment)) {
  deps.log.warn('unknown_variable', { reason: `${name} is no variable of the gateway; is it misspelt?` })
}
serveNode(createGateway(deps), deps, close)

/** Creates a token outside production if none is configured. An invalid configuration throws; launch.ts shows it. */
function readConfig(env: Record<string, string | undefined>) {
  const parsed = parseConfig(env)
  if (parsed.knownTokens.length > 0) return parsed
  return parseConfig({ ...env, VX11_TENTACULO_LINK_TOKEN: readFirstRunToken(parsed) })
}

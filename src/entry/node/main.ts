/** The gateway as a Node server: config, deps, services, app, serve. */
import { createGateway } from '../../app.ts'
import { describeUnknown, unknownVariables } from '../../config/config.ts'
import { readNodeConfiguration } from './configuration/read-configuration.ts'
import { consoleToLog } from './console-to-log.ts'
import { serveNode } from './http/node-server.ts'
import { nodeDeps } from './node-deps.ts'
import { tellServiceManager } from './start/service-manager.ts'
import { tellStart } from './start/tell-start.ts'

const { config, sources, firstRun } = readNodeConfiguration()
const configSource = { texts: sources.texts, read: readNodeConfiguration }
const { deps, close, write } = await nodeDeps(config, configSource)
consoleToLog(deps.log)
for (const unknown of unknownVariables(sources.variables))
  deps.log.warn('unknown_variable', { reason: describeUnknown(unknown) })
serveNode(createGateway(deps), deps, close, (listening) => {
  tellStart(deps, listening, firstRun, write)
  deps.background(tellServiceManager(deps.log))
})

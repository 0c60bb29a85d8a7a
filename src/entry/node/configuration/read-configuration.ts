/** Reads the configuration of a Node process: its environment, which stays, and the files that this names. */
import { type ConfigReading, readConfiguration } from '../../../config/config.ts'
import { type FirstRunToken, readFirstRunToken } from './first-run-token.ts'
import { readTextFile } from './read-text-file.ts'

const environment = { ...process.env }

interface NodeConfiguration extends ConfigReading {
  /** Null where tokens are configured. */
  firstRun: FirstRunToken | null
}

/** Creates a token outside production if none is configured. An invalid configuration throws. */
export function readNodeConfiguration(): NodeConfiguration {
  const reading = readConfiguration(environment, readTextFile)
  if (reading.config.knownTokens.length > 0) return { ...reading, firstRun: null }
  const firstRun = readFirstRunToken(reading.config)
  const variables = { ...environment, VX11_TENTACULO_LINK_TOKEN: firstRun.token }
  return { ...readConfiguration(variables, readTextFile), firstRun }
}

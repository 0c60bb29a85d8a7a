/** Reads the configuration of a Node process: its environment, which stays, and the files that this names. */
import { type ConfigReading, readConfiguration } from '../../../config/config.ts'
import { readFirstRunToken } from './first-run-token.ts'
import { readTextFile } from './read-text-file.ts'

const environment = { ...process.env }

/** Creates a token outside production if none is configured. An invalid configuration throws. */
export function readNodeConfiguration(): ConfigReading {
  const reading = readConfiguration(environment, readTextFile)
  if (reading.config.knownTokens.length > 0) return reading
  const VX11_TENTACULO_LINK_TOKEN = readFirstRunToken(reading.config)
  return readConfiguration({ ...environment, VX11_TENTACULO_LINK_TOKEN }, readTextFile)
}

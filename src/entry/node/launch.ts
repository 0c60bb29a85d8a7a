/** The start of `npm start`: an old Node or a failed start ends with one readable sentence. */
import { fatal } from './fatal.ts'

const neededMajor = 24
if (Number.parseInt(process.versions.node, 10) < neededMajor) {
  fatal(
    `Tentáculo Link needs Node ${neededMajor} or newer; this is ${process.version}. ` +
      '`npm ci` brings one, and `npm start` uses it.',
  )
}
// Stacks then refer to the sources instead of the bundle.
process.setSourceMapsEnabled(true)
process.on('uncaughtException', (error) =>
  fatal(`Tentáculo Link ended by an unexpected error: ${error.stack ?? error}`),
)
await import('./main.ts').catch((error: Error) => fatal(error.message))

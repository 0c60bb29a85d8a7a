/** The events object with its answers to the ports. */
import { EventsObject } from '../adapters/durable-object/events.ts'
import { jsonLog } from '../adapters/json-log/log.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemRandom } from '../adapters/system/random.ts'
import { parseConfig } from '../config.ts'
import { eventWriter } from '../events/writer.ts'
import { openDatabase, textVariables, type WorkerEnv, writeLine } from './worker-env.ts'

export class GatewayEventsObject extends EventsObject {
  protected override openWriter() {
    const env = this.env as unknown as WorkerEnv
    const config = parseConfig(textVariables(env))
    const clock = systemClock()
    return eventWriter({
      clock,
      random: systemRandom(),
      log: jsonLog({ level: config.logLevel, clock, write: writeLine }),
      database: openDatabase(config, env),
      stored: (events) => this.publish({ newest: events.at(-1)?.id ?? 0, events }),
      gather: () => clock.sleep(0),
    })
  }
}

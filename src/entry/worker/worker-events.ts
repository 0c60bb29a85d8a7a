/** The events object with its ports. */
import { EventsObject } from '../../adapters/durable-object/events.ts'
import { jsonLog } from '../../adapters/log/json-log.ts'
import { systemClock } from '../../adapters/system/clock.ts'
import { systemRandom } from '../../adapters/system/random.ts'
import { parseConfig } from '../../config/config.ts'
import { eventLog } from '../../modules/events/event-log.ts'
import { type AppendEvents, eventWriter } from '../../modules/events/store/writer.ts'
import { openDatabase, textVariables, type WorkerEnv, writeLine } from './worker-env.ts'

export class GatewayEventsObject extends EventsObject {
  protected override openWriter() {
    const parts = this.#parts()
    return eventWriter({
      ...parts,
      stored: (notice) => this.publish(notice),
      gather: () => parts.clock.sleep(0),
    })
  }

  protected override socketParts(append: AppendEvents) {
    const parts = this.#parts()
    const subscribe = () => Promise.reject(new Error('the object is notified by its writer'))
    return { ...parts, events: eventLog({ ...parts, append, subscribe, maxCatchUps: 4 }) }
  }

  #parts() {
    const env = this.env as unknown as WorkerEnv
    const config = parseConfig(textVariables(env))
    const clock = systemClock()
    const log = jsonLog({ level: config.logLevel, clock, write: writeLine })
    return { clock, log, random: systemRandom(), database: openDatabase(config, env) }
  }
}

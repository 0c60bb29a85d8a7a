import { memoryEventHub } from '../../src/adapters/memory/event-hub.ts'
import { eventHubContract } from '../support/contracts/event-hub.ts'

const hub = memoryEventHub()
eventHubContract('memory', () => ({ one: hub, other: hub }))

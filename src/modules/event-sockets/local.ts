/** The sockets of a gateway process. One subscription serves all of them. */
import type { Deps, Sockets } from '../../ports/index.ts'
import { type SocketRules, socketRules } from './rules.ts'
import type { SocketSession } from './session.ts'
import { socketConnection } from './socket-connection.ts'
import { SocketRegistry } from './socket-registry.ts'
import { StreamEnd } from './stream-end.ts'

type LocalDeps = Pick<Deps, 'clock' | 'events' | 'log' | 'random'> & {
  webSockets: Pick<Deps['webSockets'], 'canAccept' | 'accept' | 'open'>
}

export function localSockets(deps: LocalDeps, rules: SocketRules = socketRules): Sockets {
  const { clock, events, log, random, webSockets } = deps
  const registry = new SocketRegistry(rules, random)
  const stream = new StreamEnd(events, (notice) => registry.notify(notice))

  const left = (session: SocketSession) => {
    registry.sessions.delete(session)
    webSockets.open.delete(session)
    if (registry.sessions.size === 0) stream.leave()
  }

  return {
    canOpen: webSockets.canAccept,
    async open(c, terms, agreed) {
      registry.refuseWhenFull(terms.owner)
      await stream.listen()
      try {
        registry.refuseWhenFull(terms.owner)
        const { answer, peer } = webSockets.accept(c, agreed)
        const state = registry.begin(terms, stream.newest, clock.now())
        const session = socketConnection(peer, state, { events, clock, log, rules, ...agreed }, left)
        registry.sessions.add(session)
        webSockets.open.add(session)
        session.greet()
        session.notify({ newest: stream.newest, events: [] })
        return answer
      } catch (error) {
        if (registry.sessions.size === 0) stream.leave()
        throw error
      }
    },
  }
}

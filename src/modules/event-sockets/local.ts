/** The sockets of a gateway that holds them itself: one subscription serves them all. */
import type { Deps, Sockets } from '../../ports/index.ts'
import { Audience } from './audience.ts'
import { type SocketRules, socketRules } from './rules.ts'
import type { SocketSession } from './session.ts'
import { socketConnection } from './socket-connection.ts'
import { StreamEnd } from './stream-end.ts'

type LocalDeps = Pick<Deps, 'clock' | 'events' | 'log' | 'random'> & {
  webSockets: Pick<Deps['webSockets'], 'canAccept' | 'accept' | 'open'>
}

export function localSockets(deps: LocalDeps, rules: SocketRules = socketRules): Sockets {
  const { clock, events, log, random, webSockets } = deps
  const audience = new Audience(rules, random)
  const stream = new StreamEnd(events, (news) => audience.hear(news))

  const left = (session: SocketSession) => {
    audience.sessions.delete(session)
    webSockets.open.delete(session)
    if (audience.sessions.size === 0) stream.leave()
  }

  return {
    canOpen: webSockets.canAccept,
    async open(c, terms, agreed) {
      audience.refuseWhenFull(terms.owner)
      await stream.listen()
      try {
        audience.refuseWhenFull(terms.owner)
        const { answer, peer } = webSockets.accept(c, agreed)
        const state = audience.begin(terms, stream.newest, clock.now())
        const session = socketConnection(peer, state, { events, clock, log, rules }, left)
        audience.sessions.add(session)
        webSockets.open.add(session)
        session.greet()
        session.hear({ newest: stream.newest, events: [] })
        return answer
      } catch (error) {
        if (audience.sessions.size === 0) stream.leave()
        throw error
      }
    },
  }
}

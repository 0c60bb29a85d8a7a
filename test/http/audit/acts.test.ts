import { describe, expect, it } from 'vitest'
import { namedAct } from '../../../src/http/audit/acts.ts'
import { actNames } from '../../../src/modules/audit/act.ts'
import { testApp } from '../../support/test-app.ts'

/** Changing routes that are no administrative acts, and why. */
const others: Readonly<Record<string, string>> = {
  'POST /auth/login': 'nobody is known yet',
  'POST /auth/logout': 'of the caller itself',
  'POST /events/ingest': 'modules report',
  'POST /events/ingest/batch': 'modules report',
  'POST /operator/api/assist/deepseek_r1': 'asking',
  'POST /operator/api/chat': 'asking',
  'POST /operator/api/chat/commands': 'each command is a request of its own',
  'POST /operator/api/events/sse-token': 'a ticket for looking',
  'POST /operator/api/events/ws-token': 'a ticket for looking',
  'POST /operator/chat': 'asking',
  'POST /operator/chat/ask': 'asking',
  'PUT /operator/api/chat/messages/x/thumb': 'of the caller’s own conversation',
  'PATCH /operator/session/x': 'the caller’s own conversation',
  'DELETE /operator/session/x': 'the caller’s own conversation',
  'POST /hermes/get-engine': 'a read by POST',
}

describe('administrative acts', () => {
  it('are all changing routes but those that say why not', () => {
    const { app } = testApp()
    const changing = app.routes
      .filter(({ method }) => !['GET', 'HEAD', 'OPTIONS', 'ALL'].includes(method))
      .map(({ method, path }) => ({ method, path: path.replace(/:\w+(\{.*\})?/g, 'x') }))
    const missing = changing
      .filter(({ method, path }) => !namedAct(method, path))
      .map((each) => `${each.method} ${each.path}`)
    expect([...new Set(missing)].toSorted()).toEqual(Object.keys(others).toSorted())
  })

  it('are found behind the proxied prefix of madre, too', () => {
    expect(namedAct('POST', '/madre/power/window/open')).toEqual({ act: 'window.open', target: null })
    expect(namedAct('POST', '/madre/power/service/switch/stop')).toEqual({
      act: 'power.stop_service',
      target: 'switch',
    })
    expect(namedAct('DELETE', '/madre/power/anything')).toEqual({ act: 'power.other', target: '/madre/power/anything' })
    expect(namedAct('POST', '/madre/chat')).toBeUndefined()
  })

  it('are no reads, but for getting a power token', () => {
    expect(namedAct('GET', '/operator/power/token')).toEqual({ act: 'power.token', target: null })
    for (const path of ['/operator/power/state', '/operator/api/keys', '/shub/power/token', '/madre/power/window/open'])
      expect(namedAct('GET', path), path).toBeUndefined()
  })

  it('have each a request', () => {
    const requests = [
      'POST /operator/api/window/open',
      'POST /operator/api/window/extend',
      'POST /operator/api/window/close',
      'POST /operator/power/policy/solo_madre/apply',
      'POST /operator/power/service/x/start',
      'POST /operator/power/service/x/stop',
      'POST /operator/power/service/x/restart',
      'POST /madre/power/odd',
      'GET /operator/power/token',
      'POST /operator/api/maintenance',
      'PUT /operator/api/chat/rotation/pin',
      'DELETE /operator/api/chat/rotation/pin',
      'PUT /operator/api/chat/rotation/freeze',
      'DELETE /operator/api/chat/rotation/freeze',
      'POST /vx11/spawn',
      'POST /vx11/intent',
      'POST /operator/task',
      'POST /operator/api/settings',
      'DELETE /operator/api/settings/x',
      'POST /shub/cache/clear',
      'POST /operator/api/keys',
      'PATCH /operator/api/keys/x',
      'DELETE /operator/api/keys/x',
      'POST /operator/api/keys/x/reroll',
      'POST /operator/api/config/reload',
      'POST /operator/api/drift',
      'POST /operator/api/webhooks/x/test',
      'POST /vx11/hermes/discover',
      'POST /vx11/hermes/models/pull',
      'POST /hermes/execute',
      'POST /operator/api/hormiguero/scan/once',
      'POST /operator/inee/builder/patchset',
      'POST /operator/inee/colony/register',
      'POST /operator/inee/colony/envelope',
    ]
    const named = requests.map((request) => namedAct(...(request.split(' ') as [string, string]))?.act)
    // Waking goes before a request of another kind, and schedules have none.
    expect([...named, 'window.wake'].toSorted()).toEqual([...actNames].toSorted())
  })
})

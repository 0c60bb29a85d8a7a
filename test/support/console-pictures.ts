/** `npm run docs:console`: takes the pictures of docs/console.md anew, of a real gateway with simulated services. */
import { fileURLToPath } from 'node:url'
import { launchBrowser, openConsole } from './browser.ts'
import { type Scene, sceneToken, startScene } from './console-scene.ts'
import { startNodeGateway } from './gateways.ts'

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url))
const pictures = [
  { name: 'overview-dark', place: 'overview', theme: 'dark' },
  { name: 'overview-light', place: 'overview', theme: 'light' },
  { name: 'timeline-dark', place: 'timeline/evening-session', theme: 'dark' },
  { name: 'graph-light', place: 'timeline', theme: 'light', height: 900 },
  { name: 'events-light', place: 'events', theme: 'light' },
  { name: 'phone-dark', place: 'overview', theme: 'dark', width: 390 },
] as const

const scene = await startScene(startNodeGateway, { modelReply: (last) => `The simulated model read: ${last}` })
const browser = await launchBrowser()
await play(scene)
for (const { name, place, ...look } of pictures) {
  const tab = await openConsole(browser, scene.gateway.url, { token: sceneToken, height: 820, ...look })
  await tab.show(place)
  await tab.page.getByText('Live', { exact: true }).waitFor()
  await tab.page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => undefined)
  await tab.page.screenshot({ path: `${folder}console-${name}.png` })
  await tab.close()
}
await browser.close()
await scene.stop()

/** An evening: a window, a few requests under one id, alerts, a question. */
async function play({ post, ask }: Scene): Promise<void> {
  const evening = { 'x-correlation-id': 'evening-session' }
  await post('/operator/api/window/open', { services: ['switch'], ttl_sec: 1800, reason: 'evening session' })
  for (const path of ['/switch/queue/status', '/shub/api/none', '/switch/queue/status'])
    await ask(path, { headers: evening })
  for (const [severity, message] of [
    ['L1', 'The mix is rendered'],
    ['L2', 'The render disk is 86 % full'],
    ['L3', 'The render disk is 97 % full'],
  ]) {
    await post('/events/ingest', {
      ...{ source: 'hormiguero', type: 'system.alert', metadata: { correlation_id: 'evening-session' } },
      payload: { alert_id: message, severity, message },
    })
  }
  await ask('/operator/api/chat', {
    method: 'POST',
    headers: { ...evening, 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Is the mix ready?' }),
  })
}

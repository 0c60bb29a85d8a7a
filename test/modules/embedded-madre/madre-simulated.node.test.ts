import { describeMadre } from '../../support/contracts/madre.ts'
import { movableClock, runningMadre } from '../../support/simulators/running.ts'

const traits = { strictWindows: false, policyClosesWindow: false, takesIntents: false }

describeMadre('the simulated madre', traits, async () => {
  const clock = movableClock()
  const token = 'madre-token'
  const { url } = await runningMadre({ now: clock.now, token })
  return {
    token,
    fetch: (path, init) => fetch(`${url}${path}`, init),
    passTime: async (ms) => clock.pass(ms),
  }
})

/**
 * Loaded into a gateway by `--import`: on SIGUSR2 it says for how much processor time the main thread was kept from its
 * timers at most since the last time. What other programs take from a busy machine does not count.
 */
const everyMs = 5
let last = process.threadCpuUsage()
let mostUs = 0

setInterval(() => {
  const { user, system } = process.threadCpuUsage(last)
  mostUs = Math.max(mostUs, user + system)
  last = process.threadCpuUsage()
}, everyMs).unref()

process.on('SIGUSR2', () => {
  process.stderr.write(`held_ms=${(mostUs / 1000).toFixed(1)};\n`)
  mostUs = 0
})

/** Ends the process with one helpful sentence on standard error, unbuffered and without a stack. */
import { writeSync } from 'node:fs'
import { hostAndPort } from '../../lib/host-and-port.ts'

export function fatal(sentence: string): never {
  try {
    writeSync(process.stderr.fd, `${sentence}\n`)
  } catch {
    // Standard error is closed; the exit status remains.
  }
  process.exit(1)
}

/** Explains an error of `listen` to the operator. */
export function listenFailure({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  const place = hostAndPort(host, port)
  if (code === 'EADDRINUSE')
    return `Cannot listen on ${place}: the port is in use. Stop what listens there, or set PORT.`
  if (code === 'EADDRNOTAVAIL') return `Cannot listen on ${place}: this machine has no such address. Set HOST.`
  if (code === 'EACCES') return `Cannot listen on ${place}: not permitted for this user. Set PORT to 1024 or above.`
  if (code === 'ENOTFOUND')
    return `Cannot listen on ${place}: the name is not known. Set HOST to an address of this machine.`
  return `Cannot listen on ${place}: ${message}`
}

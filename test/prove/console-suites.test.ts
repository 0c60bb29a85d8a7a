/** Every suite of the console in Chromium, on both runtimes and with the whole reference; test/console has short forms. */
import { consoleOn } from '../console/suites/on-runtime.ts'
import { runtimes } from '../support/gateways.ts'

for (const runtime of runtimes) consoleOn(runtime, 'whole')

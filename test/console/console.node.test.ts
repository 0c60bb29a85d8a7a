/** The console in Chromium, against Node; console-workerd.node.test.ts beside it asks the same of workerd. */
import { runtimes } from '../support/gateways.ts'
import { consoleOn } from './suites/on-runtime.ts'

consoleOn(runtimes[0], 'usual')

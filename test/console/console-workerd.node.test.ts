/** The console in Chromium, against workerd; console.node.test.ts beside it asks the same of Node. */
import { runtimes } from '../support/gateways.ts'
import { consoleOn } from './suites/on-runtime.ts'

consoleOn(runtimes[1])

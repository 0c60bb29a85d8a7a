/** The console in Chromium, against workerd; the same suites in full are in test/prove. */
import { runtimes } from '../support/gateways.ts'
import { consoleOn } from './suites/on-runtime.ts'

consoleOn(runtimes[1], 'short')

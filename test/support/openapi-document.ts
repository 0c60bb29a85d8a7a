/** Prints the OpenAPI document of the checkout: what a release keeps of it, the drift audit compares with. */
import { testApp } from './test-app.ts'

process.stdout.write(await (await testApp().request('/openapi.json')).text())

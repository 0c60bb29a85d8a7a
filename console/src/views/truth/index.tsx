/** What runs and how well, by the gateway's own looks: the ten services, or one of them. */
import { place } from '../../core/router.ts'
import { AllServices } from './all-services.tsx'
import { OneService } from './one-service.tsx'
import '../overview/overview.css'
import './truth.css'

export default function Truth() {
  const { id } = place.value
  return id ? <OneService key={id} name={id} /> : <AllServices />
}

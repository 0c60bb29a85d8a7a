/** Cada código de error: qué pasa y qué hacer. */
import type { ErrorCode } from '../../../../src/errors/catalogue.ts'

export const errors: Readonly<Record<ErrorCode, readonly [title: string, hint: string]>> = {
  bad_request: ['Petición mal formada', 'La petición no es HTTP/1.1 bien formado.'],
  bad_request_target: [
    'Dirección no válida',
    'La dirección tiene segmentos de puntos, barras codificadas, barras invertidas, caracteres de control o bytes fuera de ASCII. Envíala codificada.',
  ],
  body_not_allowed: ['Cuerpo no permitido', 'Aquí un GET o HEAD no lleva cuerpo. Envíalo sin él o usa POST.'],
  power_not_confirmed: [
    'Cambio de energía sin confirmar',
    'Madre pide a la vez la clave de energía, un token de energía reciente y la confirmación; véase docs/windows.md.',
  ],
  invalid_purpose: ['Propósito no válido', 'purpose debe ser uno de: plan, patch, review, risk_assessment.'],
  auth_required: ['Hace falta un token', 'Envía un token como X-VX11-Token o como Authorization: Bearer.'],
  login_failed: ['No se pudo entrar', 'El backend del operador no conoce a ese usuario con esa contraseña.'],
  forbidden: ['No permitido', 'El token se desconoce, ha caducado o no tiene el ámbito de esta ruta.'],
  off_by_policy: ['Cerrado por política', 'La política en vigor lo mantiene cerrado: ábrelo con una ventana.'],
  codev_disabled: ['Asistencia desactivada', 'Pon VX11_OPERATOR_CODEV_ENABLED=1 y reinicia el gateway.'],
  not_found: ['No existe', 'Ninguna ruta responde ahí. GET /openapi.json las enumera.'],
  session_not_found: ['No existe esa conversación', 'Ninguna conversación tuya tiene ese id.'],
  chat_model_not_found: ['No existe ese modelo', 'Ningún modelo del chat se llama así.'],
  message_not_found: [
    'No existe ese mensaje',
    'Ningún mensaje guardado tuyo tiene ese id. Una respuesta se guarda cuando está completa o se interrumpe.',
  ],
  endpoint_not_found: [
    'No existe esa ruta',
    'La API del operador no la tiene; `available_endpoints` dice cuáles tiene.',
  ],
  setting_not_found: ['No existe ese ajuste', 'Ningún ajuste tiene esa clave.'],
  key_not_found: ['No existe esa clave', 'Ninguna clave tiene ese id.'],
  webhook_not_found: ['No existe ese webhook', 'Ningún webhook se llama así.'],
  audit_not_found: ['No existe esa auditoría', 'Ninguna auditoría tiene ese id.'],
  lane_not_found: ['No existe ese carril', 'Ningún carril tiene ese id.'],
  correlation_not_found: ['Nada consta', 'Con ese id no consta nada que puedas leer.'],
  result_not_found: ['No existe ese resultado', 'Nada se pidió con ese id.'],
  no_active_window: ['No hay ventana', 'No hay ninguna ventana de energía abierta que cerrar.'],
  method_not_allowed: ['Método no permitido', 'La cabecera Allow dice qué métodos admite esta ruta.'],
  request_timeout: ['La petición no llegó entera', 'Su cuerpo dejó de llegar antes de completarse. Envíala de nuevo.'],
  ambiguous_result: ['Resultado ambiguo', 'Más de una ejecución tiene un id que empieza así. Pide el id entero.'],
  wake_not_allowed: [
    'No se permite despertar módulos',
    'No se despertó nada. Hace falta VX11_WAKE_ENABLED y un token con el ámbito admin o wake.',
  ],
  wake_budget_spent: [
    'Demasiados módulos despertados',
    'Las peticiones ya abrieron tantas ventanas como deja VX11_WAKE_PER_HOUR. Abre una o vuelve más tarde.',
  ],
  wake_timeout: [
    'El módulo no despertó a tiempo',
    'Su ventana está abierta o abriéndose, y aún no responde. Reinténtalo.',
  ],
  window_already_active: [
    'Ya hay una ventana abierta',
    'Solo hay una ventana de energía a la vez. Ciérrala antes o espera a que acabe.',
  ],
  key_revoked: ['La clave está revocada', 'Una clave revocada lo sigue estando. Crea otra.'],
  too_many_keys: ['Demasiadas claves', 'Hay mil claves en vigor. Revoca las que nadie usa: last_used_at lo dice.'],
  configuration_invalid: [
    'La configuración no es válida',
    'La configuración leída no es válida, así que sigue en vigor la anterior. Corrige lo que se nombra.',
  ],
  maintenance_running: ['Ya hay un mantenimiento en curso', 'Solo corre uno a la vez; aquí se ve su progreso.'],
  message_too_long: ['El mensaje es demasiado largo', 'Como máximo 4000 caracteres.'],
  body_too_large: ['Los datos son demasiado grandes', 'Envía menos.'],
  unsupported_media_type: [
    'Formato no admitido',
    'Envía el cuerpo en UTF-8, tal cual o comprimido con gzip o deflate.',
  ],
  expectation_failed: ['Expectativa no cumplida', 'La única que se cumple es 100-continue.'],
  validation_error: ['Datos no válidos', 'La petición no tiene la forma que pide la ruta.'],
  service_not_allowed: [
    'Una ventana no puede abrir ese servicio',
    'Se admiten los servicios de VX11_ALLOWED_WINDOW_SERVICES, por su nombre de compose.',
  ],
  event_rejected: [
    'Evento rechazado',
    'Al evento le falta algo que su tipo pide, o es demasiado grande; docs/events.md tiene los tipos.',
  ],
  idempotency_key_reused: [
    'Idempotency-Key repetida',
    'Se usó en las últimas 24 horas para otra petición. Envía una clave nueva o la misma petición.',
  ],
  upgrade_required: ['Hace falta WebSocket', 'Esta ruta solo habla WebSocket. Conéctate con ws:// o wss://.'],
  headers_too_large: ['Cabeceras demasiado grandes', 'Envía menos campos o más cortos.'],
  too_many_requests: ['Demasiadas peticiones', 'Espera los segundos que dice Retry-After y reinténtalo.'],
  too_many_streams: [
    'Demasiados flujos',
    'Ya hay abiertos tantos flujos de eventos como permite VX11_EVENT_STREAMS. Cierra uno antes.',
  ],
  client_closed_request: ['Quien llamó se fue', 'Se fue antes de la respuesta.'],
  internal_error: ['El gateway falló', 'Su registro dice por qué, bajo este id de correlación.'],
  not_implemented: ['No se ofrece', 'Este gateway aún no lo ofrece.'],
  webhook_not_delivered: ['La prueba no se entregó', 'El destino del webhook no aceptó el mensaje de prueba.'],
  upstream_malformed: ['Respuesta mal formada', 'El servicio no habló HTTP.'],
  gateway_error: ['No se pudo reenviar', 'Hubo un error al reenviar la petición al motor de audio.'],
  madre_auth_failed: [
    'Madre no acepta el gateway',
    'Madre no acepta su token. Pon en VX11_UPSTREAM_TOKEN el que conoce.',
  ],
  madre_failed: [
    'Madre falló',
    'Madre respondió con un error suyo, o con algo que no es una respuesta. Su registro dice por qué.',
  ],
  model_failed: [
    'El modelo falló',
    'Respondió con un error, o con algo que no es una respuesta: `error_code` lo dice.',
  ],
  upstream_auth_failed: [
    'El servicio no acepta el gateway',
    'El servicio no acepta su token. Pon en VX11_UPSTREAM_TOKEN el que conoce.',
  ],
  upstream_failed: [
    'El servicio falló',
    'El servicio respondió con un error suyo, o con algo que no es una respuesta.',
  ],
  shub_unavailable: ['Shub no responde', 'El motor de audio no está disponible por ahora.'],
  madre_unavailable: ['Madre no responde', 'Reinténtalo: el resumen dice cuándo vuelve.'],
  switch_unavailable: ['Switch no responde', 'Reinténtalo: el resumen dice cuándo vuelve.'],
  upstream_unavailable: ['El servicio no responde', 'Reinténtalo: el resumen dice cuándo vuelve.'],
  model_not_configured: ['Modelo sin configurar', 'Define DEEPSEEK_API_KEY y reinicia el gateway.'],
  model_unavailable: ['El modelo no responde', 'Su dirección no responde. Reinténtalo más tarde.'],
  service_overloaded: [
    'Servicio saturado',
    'Ya hay en curso tantas peticiones como admite el servicio. Espera los segundos que dice Retry-After.',
  ],
  database_unavailable: [
    'La base de datos no responde',
    'Ahora no se puede usar. GET /readyz y el registro dicen por qué.',
  ],
  feature_disabled: [
    'Función desactivada',
    'La configuración la desactiva. Activa su opción y reinicia lo que la contiene.',
  ],
  events_unavailable: [
    'Los eventos no se pueden guardar',
    'La base de datos no los acepta ahora, o esperan demasiados. Reinténtalo: con Idempotency-Key no se guardan dos veces.',
  ],
  limiter_unavailable: ['El almacén de límites no está', 'Los cambios administrativos se rechazan hasta que vuelva.'],
  model_timeout: ['El modelo tardó demasiado', 'No respondió a tiempo.'],
  upstream_timeout: ['El servicio tardó demasiado', 'No respondió a tiempo. Puede que aún termine lo que se le pidió.'],
  madre_timeout: [
    'Madre tardó demasiado',
    'No respondió a tiempo y puede que aún termine lo que se le pidió. Mira el estado antes de repetir.',
  ],
  loop_detected: ['Bucle', 'Este gateway ya reenvió la petición: un destino vuelve a él. Revisa las variables *_URL.'],
}

"""Spanish wording of the risk signals: rows of (keys, pattern[, unless[, "fixed"]]), read by `risk_patterns`.

Belongs here: how Spanish-speaking customers say it, and the everyday phrases that only look like it. Does not belong
here: anything about matching. Accents are folded away, so patterns are written without them.
"""

from __future__ import annotations

from assets.audit_tickets.roadmap.risk_patterns import Rule, compile_rules

_KIN = (
    r"(?:marido|esposo|esposa|mujer|madre|mama|padre|papa|hijo|hija|hermano|hermana|abuelo|abuela|pareja|amigo|amiga)"
)
_CONTRACT = r"(?:suscripcion|cuenta|contrato|plan|servicio|membresia|licencia|abono|renovacion)"

_GUARDS = {
    "billing_dispute": r"\b(?:bateria|cargador)\b",
    "refund": r"\b(?:politica de (?:reembolsos?|devolucion\w*)|nuestros clientes|condiciones de)\b",
    "legal": r"\b(?:despacho de abogados|bufete|somos abogados|plantilla|aviso legal)\b",
    "churn": r"\b(?:correo del programa|cuenta de correo|thunderbird|outlook|gmail|imap|boletin|newsletter|calendario)\b",
    "security_incident": r"\b(?:antivirus|falso positivo)\b",
    "press": r"\b(?:al presionar|reproductor)\b",
    "asks_for_person": r"\b(?:persona de contacto)\b",
    "self_harm": r"\b(?:prevencion|asociacion|fundacion|prevention)\b",
}

SPANISH_RULES: tuple[Rule, ...] = compile_rules(
    {
        "billing_dispute": [
            ("cobr|cargado|cargaron", r"\b(?:cobr(?:ado|aron|aste|o|an|ando|aban)|cargado|cargaron)\b ~40~\b(?:dos veces|tres veces|doble|duplicad\w+|de mas|"
             r"sin (?:avisar|aviso|permiso|autoriza\w+|mi|nuestro)|por error|indebid\w+|otra vez)\b"),
            ("cobro|cargo|pago", r"\b(?:cobros?|cargos?|pagos?) (?:doble|duplicad\w+|indebid\w+|no autorizad\w+|erroneo\w*|desconocid\w+|extran\w+)\b|\bdoble (?:cobro|cargo)\b"),
            ("reconozco|reconocemos|autorice|autorizamos|autorizado", r"\bno (?:reconozco|reconocemos|autorice|autorizamos|he autorizado|hemos autorizado) ~20~"
             r"(?:cargos?|cobros?|pagos?|factura)\b|\b(?:cargo|cobro|pago) ~25~\bno (?:autorice|autorizamos|reconozco|hice|corresponde)\b", "", "fixed"),
            ("factura|importe|monto", r"\b(?:factura|importe|monto)\b ~25~\b(?:esta mal|es incorrect\w|incorrect\w|erronea?|equivocad\w|no (?:coincide|corresponde|es correct\w)|"
             r"demasiado alt\w)\b", "", "fixed"),
            ("siguen|sigue|siguieron", r"\b(?:siguen|sigue|siguieron) (?:cobrando|cargando)\w*"),
            ("por qu", r"\bpor que (?:me|nos) (?:estan )?(?:cobra\w*|han cobrado|carga\w*)"),
            ("contracargo|disput|reclam", r"\bcontracargo\b|\b(?:disput|reclam)\w+ ~25~\b(?:cargo|cobro|factura)\b|\b(?:subio|subieron|aumentaron) (?:el|los) precios?\b"),
        ],
        "refund": [
            ("reembols", r"\breembols\w+\b"),
            ("devuel|devolv|devoluci", r"\b(?:devuelv|devolv|devoluci)\w* ~25~\b(?:dinero|importe|pago|cantidad|plata|diferencia|compra)\b"),
            ("dinero|importe", r"\b(?:mi|el|nuestro) (?:dinero|importe) ~10~de vuelta\b|\brecuperar (?:mi|el|nuestro) dinero\b"),
        ],
        "legal": [
            ("abogad", r"\b(?:mi|mis|nuestr\w+|un|una|con|al|el) abogad[oa]s?\b"),
            ("legal", r"\b(?:acciones|medidas|vias?|proceso) legal(?:es)?\b"),
            ("demand|denunci|tribunal|juzgado|juicio", r"\b(?:los |les |voy a |vamos a )?demandar(?:e|emos|los|les)?\b|\b(?:present|pon|interpon)\w+ ~12~(?:denuncia|demanda|reclamacion)\b|"
             r"\b(?:los |les |voy a |vamos a )denunciar\w*|\b(?:ante|en|a) (?:los |el )?(?:tribunal(?:es)?|juzgados?|juicio)\b"),
            ("consumidor|consumo|proteccion de datos|profeco|aepd|facua", r"\b(?:queja|reclam\w+|denuncia\w*|oficina) ~25~\b(?:consumidor|consumo|proteccion de datos|profeco|aepd|facua)\b|"
             r"\b(?:profeco|aepd|facua)\b"),
            ("rgpd|lopd|supresion|al olvido|derecho de acceso", r"\bart\w*\.? ?(?:15|17|20|21) ~15~rgpd\b|\bderecho (?:de|a la|al) (?:supresion|acceso|olvido)\b|\blopd\b"),
            ("incumplimiento|hojas de reclam|hoja de reclam|ilegal|estafa", r"\bincumplimiento de(?:l)? contrato\b|\bhojas? de reclamaciones\b|\besto es (?:\w+ )?ilegal\b"),
        ],
        "distress": [
            ("desesperad|angusti|llorando|panico", r"\b(?:estoy|estamos|me siento) (?:\w+ )?(?:desesperad\w|angustiad\w|llorando)\b|\b(?:en|ataque de|ataques de|entre en) panico\b"),
            ("no se que", r"\bno se (?:ya )?que (?:mas )?hacer\b", "", "fixed"),
            ("dormir|duermo", r"\bno (?:puedo|he podido|hemos podido) dormir\b|\bllevo ~15~sin dormir\b", "", "fixed"),
            ("no puedo mas|seguir asi|se derrumba", r"\bno puedo mas(?: con esto)?\s*(?:[.!,]|$)|\bno puedo seguir asi\b|\b(?:todo|mi vida|mi mundo) se (?:\w+ )?derrumba\b", "", "fixed"),
            ("falleci|murio|muerte|fallecid", r"\bmi (?:\w+ )?" + _KIN + r"\b ~25~\b(?:fallecio|murio|ha fallecido|ha muerto)\b|\bla muerte de mi\b|\bmi (?:difunt\w|fallecid\w)\b"),
            ("miedo|asustad|destrozad|hundid|suplico|ruego", r"\b(?:tengo|me da) (?:mucho )?miedo\b|\bestoy (?:muy )?(?:asustad\w|destrozad\w|hundid\w)\b|\b(?:les|le|se lo|os) (?:suplico|ruego)\b"),
            ("arruin|perder mi|perdi mi trabajo|perdi el trabajo", r"\barruin\w+ (?:mi|la) (?:vida|negocio|empresa)\b|\b(?:perder|perdi|perdere) (?:mi|el) (?:trabajo|negocio|empleo)\b"),
        ],
        "self_harm": [
            ("vivir|viviendo", r"\b(?:ya )?no quiero (?:seguir )?(?:viviendo|vivir)\b"),
            ("la vida|matarme|suicid", r"\b(?:quitarme|acabar con|terminar con) (?:la|mi) vida\b|\b(?:quiero|voy a|pensado en) matarme\b|\bsuicid\w+|\bme voy a matar\b"),
            ("morir", r"\b(?:quiero|quisiera|prefiero) morir(?:me)?\b"),
            ("dano", r"\bhacerme dano\b"),
        ],
        "churn": [
            ("cancel", r"\bcancel(?:o|ar|en|e|amos|acion de|acion) ~15~(?:mi|la|nuestra|el|nuestro|su|esta|este) (?:\w+ )?" + _CONTRACT + r"\b|"
             r"\b(?:como|donde) (?:puedo )?cancel(?:o|ar|amos)(?:lo)?\s*(?:[?.!]|$)|\bquiero cancelar\s*(?:[.!]|$|todo|lo)", "envio|reunion|descarga|evento|programado"),
            ("baja", r"\b(?:dar(?:me|nos)?|doy|damos|den|de|solicit\w+|tramitar) (?:\w+ )?(?:de )?(?:la )?baja\b(?! (?:calidad|resolucion|velocidad))"),
            ("cierr|cerrar|elimin|borrar|anular|terminar|rescindir", r"\b(?:cierren|cierre|cerrar|eliminen|eliminar|borren|borrar|anular|anulen|terminar|rescindir) (?:mi|la|el|nuestra|nuestro|esta|este) "
             r"(?:\w+ )?" + _CONTRACT + r"\b"),
            ("cambiamos|cambiarme|cambiarnos|cambio|competencia|otra empresa|otro proveedor", r"\b(?:cambi\w+|pas\w+|ir\w*|vamos|voy) (?:\w+ )?(?:a|con) (?:la competencia|otra (?:empresa|compania|herramienta)|otro (?:proveedor|servicio))\b"),
            ("contrato|suscripcion|plan|gratuito|gratis|free", r"\b(?:termin|finaliz|acab)(?:o|ar|amos|en|ado) ~15~\b(?:contrato|suscripcion)\b|\b(?:salir|salirnos|salirme) (?:de|del) (?:nuestro |mi |este )?contrato\b|"
             r"\b(?:volver|pasar|bajar)(?:nos|me)? (?:de nuevo )?al? (?:plan )?(?:gratuito|gratis|free)\b"),
            ("renov", r"\bno (?:quiero|queremos|vamos a|voy a|deseo) (?:que se )?renov\w+|\b(?:desactivar|quitar|detener) la renovacion\b", "", "fixed"),
        ],
        "security_incident": [
            ("hacke|jaque|hacker", r"\b(?:hacke|jaque)(?:ado|ada|aron|o|ados|adas)\b|\bhackers?\b"),
            ("alguien|desconocid|tercero", r"\b(?:alguien|un desconocido|una persona desconocida|un tercero|un ex\w*) ~25~\b(?:entro|accedio|ha entrado|ha accedido|inicio sesion|tiene acceso|cambio (?:mi|la) contrasena)\b"),
            ("phishing", r"\b(?:correo|mensaje|enlace|ataque|pagina|intento) ~12~phishing\b|\bphishing que\b"),
            ("desconocid|extran|no conocemos|no conozco", r"\b(?:alguien|una persona|un usuario|gente) (?:desconocid\w|extran\w|que no (?:conocemos|conozco)) ~25~\ben (?:mi|nuestr\w|el|la) ~10~(?:cuenta|espacio|workspace|equipo)"),
            ("public|visible|google|internet", r"\b(?:confidencial|privad\w|intern\w|secret\w) ~30~\b(?:es|esta|son|estan|aparece\w*) (?:\w+ )?(?:public\w|visibles?|en (?:google|internet))\b", "como (?:puedo|hago)"),
            ("acceso|inicio|sesion|actividad", r"\b(?:accesos?|inicios? de sesion|actividad) (?:no autorizad\w+|sospechos\w+|desconocid\w+|extran\w+)\b"),
            ("roba|robo|robaron", r"\b(?:me|nos) (?:robaron|han robado) ~20~(?:cuenta|portatil|telefono|movil|contrasena|ordenador|celular|datos|laptop)\b|\brobo de (?:identidad|datos)\b"),
            ("filtracion|fuga de|brecha|vulnerabilidad|ransomware|virus", r"\b(?:filtracion|fuga|brecha) de (?:datos|seguridad|informacion)\b|\b(?:encontre|descubri|reportar) ~15~vulnerabilidad\b|\bransomware\b"),
            ("otro cliente|otros clientes|otra empresa", r"\b(?:veo|puedo ver|aparecen) ~20~\b(?:otro cliente|otros clientes|otra empresa)\b"),
            ("solicit|pedi", r"\b(?:codigo|enlace|correo) ~30~\bque (?:yo )?no (?:solicite|pedi|he pedido|he solicitado)\b", "", "fixed"),
        ],
        "press": [
            ("periodist|reporter", r"\b(?:soy|somos|como) (?:\w+ )?(?:periodistas?|reporter[oa]s?)\b|\bperiodista de\b"),
            ("prensa|medios|periodico|television", r"\b(?:a|con|contactar\w*|ir a) (?:la |los )?(?:prensa|medios(?: de comunicacion)?|periodicos?|television)\b|\b(?:gabinete|contacto|departamento) de prensa\b",
             "a medios (?:de|dias)|por medio"),
            ("redes sociales|twitter|facebook|instagram|linkedin|resena", r"\b(?:public\w+|compart\w+|dire|contare|subire|subir|dejare) ~35~\b(?:redes sociales|twitter|facebook|instagram|linkedin|resenas? negativas?)\b"),
        ],
        "anger": [
            ("verguenza|vergonzos|indignante|inaceptable|ridiculo|asco|lamentable|intolerable", r"\b(?:una |que |sin )verguenzas?\b|\bvergonzos\w+|\bindignante\b|\binaceptable\b|\bridiculo\b|\bque asco\b|"
             r"\bun asco\b|\blamentable\b|\bintolerable\b"),
            ("hart|indignad|furios|enfadad|enojad|molest|cansad", r"\b(?:estoy|estamos|ya|me tienen|muy) (?:\w+ )?(?:hart[oa]s?|indignad\w+|furios\w+|enfadad\w+|enojad\w+|molest[oa]s?)\b|\bestoy cansad\w de (?:que|esto|esperar)\b"),
            ("peor|pesim|fatal|basura|mierda|porqueria|inutil|incompeten|estafa", r"\bel peor (?:servicio|soporte|programa)\b|\bpesim\w+ (?:servicio|atencion|soporte|experiencia)\b|\b(?:es|son|menuda|que|vaya) (?:una |un )?(?:basura|mierda|porqueria)\b|"
             r"\b(?:inutiles|incompetentes?)\b|\besto es una estafa\b"),
            ("tomadura|broma|burla|decepcion", r"\btomadura de pelo\b|\b(?:es|parece) una (?:broma|burla)\b|\bmuy decepcionad\w\b|\bque decepcion\b"),
            ("tercera vez|cuarta vez|nadie", r"\b(?:tercera|cuarta|quinta|enesima) vez que\b|\bnadie (?:me |nos )?(?:responde|contesta|hace nada)\b", "", "fixed"),
        ],
        "asks_for_person": [
            ("persona|humano|agente|alguien|supervisor|gerente|encargad|responsable", r"\b(?:hablar|comunic\w+|contact\w+|paseme|pasarme|paseme|ponganme|chatear) (?:\w+ )?(?:con|a) (?:\w+ )?(?:persona|humano|agente|alguien|supervisor\w?|gerente|encargad\w|responsable|operador\w?)\b|"
             r"\b(?:persona real|ser humano|agente humano|atencion humana)\b|\bsu (?:supervisor\w?|gerente)\b"),
            ("telefono|numero", r"\b(?:hay|tienen|cual es|algun|dan) ~12~(?:telefono|numero de (?:telefono|contacto|atencion))\b|\btelefono (?:al que|para) ~15~llamar\b", "anadir|agregar|contacto nuevo"),
            ("llam", r"\b(?:me|nos) (?:pueden |podrian |puede )?llam(?:ar|en|e|an)\b|\b(?:llamenme|llameme|llamennos|pueden llamarme|que me llamen)\b"),
            ("robot|bot|maquina", r"\bno (?:con )?(?:un |una |mas )?(?:robots?|bots?|maquina)\b|\b(?:eres|es usted|esto es) un (?:ro)?bot\b", "", "fixed"),
        ],
    },
    unless=_GUARDS,
)  # fmt: skip

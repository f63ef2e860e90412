"""What the PBX's own probe tells of FastAGI and of the prompts."""

from collections.abc import Collection, Iterable

from campaign import channel_variables as names
from campaign.flow_terms import FlowTerms
from originator.doctor.finding import Finding, Words, not_checked, ok, warning, wrong


def fastagi(health: str | None) -> Finding:
    """``health``: the word of FastAGI's health request; None: the PBX wrote nothing."""
    if health is None:
        return wrong(
            "fastagi",
            Words(
                f"the PBX could not run [{names.CONTEXT_PROBE}] or write its journal (AstDB)",
                f"la PBX no pudo ejecutar [{names.CONTEXT_PROBE}] o escribir su diario (AstDB)",
            ),
            Words(
                "look into Asterisk's log, and check the disk and the AMI user's right `originate`",
                "vea el registro de Asterisk, y revise el disco y el permiso `originate` del"
                " usuario AMI",
            ),
        )
    if health == "unreachable":
        return wrong(
            "fastagi",
            Words("the PBX gets no answer from FastAGI", "la PBX no recibe respuesta de FastAGI"),
            Words(
                "start `fastagi-server serve`, and compare its address with the global"
                f" {names.FASTAGI}",
                "inicie `fastagi-server serve`, y compare su dirección con la variable global"
                f" {names.FASTAGI}",
            ),
        )
    if health == "secret":
        return wrong(
            "fastagi",
            Words(
                "the FastAGI server does not accept the originator's token",
                "el servidor FastAGI no acepta el token del originador",
            ),
            Words(
                "give both programs the same OVERDUE_SECRET, and the PBX the dialplan/overdue.conf"
                " of this release",
                "dé a los dos programas el mismo OVERDUE_SECRET, y a la PBX el"
                " dialplan/overdue.conf de esta versión",
            ),
        )
    if health != "ok":
        return wrong(
            "fastagi",
            Words(
                f"the FastAGI server is not well ({health})",
                f"el servidor FastAGI no está bien ({health})",
            ),
            Words(
                "check its database variables MYSQL_*",
                "revise sus variables MYSQL_* de la base de datos",
            ),
        )
    return ok(
        "fastagi",
        "the PBX reaches FastAGI, which has its database and the same secret; the journal works",
        "la PBX alcanza a FastAGI, que tiene su base de datos y el mismo secreto; el diario"
        " funciona",
    )


def prompt_hash(sound: str, found: str | None) -> Finding:
    """``found``: the hash that lies beside ``sound`` on the PBX."""
    if found is None:
        return warning(
            "prompt hash",
            Words(
                f"{sound} was put on the PBX by hand, without its hash: no attempt can tell what"
                " exactly was heard",
                f"{sound} fue puesto en la PBX a mano, sin su hash: ningún intento puede decir qué"
                " se oyó exactamente",
            ),
            Words(
                "build it with `originator sounds build` and copy all of its files there",
                "constrúyalo con `originator sounds build` y copie allí todos sus archivos",
            ),
        )
    return ok(
        "prompt hash",
        f"attempts keep what is heard as {found[:12]} ({sound}.sha256)",
        f"los intentos guardan lo que se oye como {found[:12]} ({sound}.sha256)",
    )


def fixed_prompts(
    terms: FlowTerms, missing: Collection[str], health: str | None
) -> Iterable[Finding]:
    """A line for all that keys and values need of the campaign's set, or for each that lacks."""
    wanted = terms.fixed_sounds
    if health is None or not wanted:
        return
    lacking = [sound for sound in wanted if sound in missing]
    yield from prompts(lacking, lacking, health)
    if not lacking:
        yield ok(
            f"prompts {terms.language}",
            f"the PBX has what keys and spoken values need of the set ({len(wanted)} prompts)",
            f"la PBX tiene lo que las teclas y los valores hablados necesitan del juego"
            f" ({len(wanted)} mensajes)",
        )


def prompts(
    wanted: Iterable[str], missing: Collection[str], health: str | None
) -> Iterable[Finding]:
    """A line for each of ``wanted``; ``missing``: those that the probe did not find."""
    for prompt in wanted:
        check = f"prompt {prompt}"
        if health is None:
            yield not_checked(
                check,
                Words("the PBX could not be asked for it", "no se le pudo preguntar a la PBX"),
            )
        elif prompt in missing:
            yield wrong(
                check,
                Words(
                    f"the prompt {prompt} is not among the PBX's sounds",
                    f"el mensaje {prompt} no está entre los sonidos de la PBX",
                ),
                Words(
                    "build it with `originator sounds build` and copy it there",
                    "constrúyalo con `originator sounds build` y cópielo allí",
                ),
            )
        else:
            yield ok(
                check,
                f"the PBX has the prompt {prompt} in a playable format",
                f"la PBX tiene el mensaje {prompt} en un formato que puede reproducir",
            )

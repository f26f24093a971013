"""The administration of snapshots: a namespace as a document, out and in again."""

from starlette.responses import Response

from emulator.engine.archive import packed, unpack
from emulator.engine.namespaces import TakenError
from emulator.engine.specs import read_all
from emulator.spec import jsontext
from emulator.spec.document import DocumentError
from emulator.web.namespaces import named, shown
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.server import Server
from emulator.web.shapes.namespaces import NamespaceNamed, NamespaceShown, SnapshotQuery
from emulator.web.streamed import Streamed


async def _export(server: Server, asked: Asked) -> Response:
    query: SnapshotQuery = asked.query
    await read_all(server.emulation.vendors)
    text = await packed(server.namespaces, named(server, asked), query.secrets)
    return Streamed(text, media_type="application/json")


async def _import(server: Server, asked: Asked) -> NamespaceShown:
    name = asked.path["namespace"]
    try:
        name = jsontext.read_shape({"name": name}, NamespaceNamed).name
    except ValueError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None
    try:
        await unpack(server.namespaces, name, asked.body)
    except TakenError as error:
        raise AdminError(409, "Taken", str(error)) from None
    except DocumentError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None
    return shown(server, name)


MAX_IMPORT_BYTES = 512 * 1024 * 1024
"""As much as twice what is exported of a namespace that is full of tasks, results and callbacks."""
_PATH = "/namespaces/{namespace}/snapshot"

SERVER_OPERATIONS = (
    Operation(
        method="GET",
        path=_PATH,
        summary="Export a namespace; secrets are in it by reference, and themselves if asked for",
        answer=_export,
        query=SnapshotQuery,
        returns=dict,
        problems={404: "there is no such namespace"},
    ),
    Operation(
        method="PUT",
        path=_PATH,
        summary="Import a namespace, in the place of the one of that name if there is one",
        answer=_import,
        body=dict,
        max_body_bytes=MAX_IMPORT_BYTES,
        returns=NamespaceShown,
        lasts=True,
        problems={
            400: "it is not the document of a namespace, or a secret of it is missing",
            409: "an access key of it is another namespace's",
        },
    ),
)

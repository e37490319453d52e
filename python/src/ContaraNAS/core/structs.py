"""msgspec structs in Pydantic models: in a State, in Settings, as parameters of actions.

Pydantic asks a type how it is validated; msgspec's structs don't know, so `Struct` is taught it, once, for all of them.
Maps become structs by `msgspec.convert`, structs become maps by `msgspec.to_builtins`, both with `codec`'s additions.
"""

from typing import Any

import msgspec
from pydantic_core import CoreSchema, core_schema
from pydantic_core.core_schema import SerializationInfo

from ContaraNAS.core.codec import decode_other, encode_other

__all__ = ["teach_structs"]


def teach_structs() -> None:
    """Have Pydantic take every `msgspec.Struct` as a field; asked again it changes nothing."""
    if not hasattr(msgspec.Struct, "__get_pydantic_core_schema__"):
        msgspec.Struct.__get_pydantic_core_schema__ = classmethod(_schema)  # type: ignore[attr-defined]  # the point


def _schema(cls: type[msgspec.Struct], _source: Any, _handler: Any) -> CoreSchema:
    def validate(value: Any) -> msgspec.Struct:
        if isinstance(value, cls):
            return value
        try:
            return msgspec.convert(value, cls, strict=False, dec_hook=decode_other)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from None

    return core_schema.no_info_plain_validator_function(
        validate,
        serialization=core_schema.plain_serializer_function_ser_schema(_to_plain, info_arg=True),
        metadata={"pydantic_js_functions": [lambda _schema, _handler: {"type": "object"}]},
    )


def _to_plain(value: msgspec.Struct, info: SerializationInfo) -> Any:
    # In JSON msgspec itself makes text of bytes: Pydantic's base64 has another alphabet, which `convert` refuses.
    return msgspec.to_builtins(value, builtin_types=() if info.mode_is_json() else (bytes,), enc_hook=encode_other)

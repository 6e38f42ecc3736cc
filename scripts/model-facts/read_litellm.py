"""Prints, as one JSON line, what an installed LiteLLM knows about models and providers, as far as a probe needs it.

Models are those of the model map that the package ships. That a provider speaks like OpenAI is measured: its chat is
asked for at an address of our own, and nothing leaves the process.
"""

import asyncio
import contextlib
import importlib
import json
import logging
import os
import sys
from importlib.metadata import version
from pathlib import Path

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
BASES = ("https://upstream.example/base/v1", "https://upstream.example/base")
KEY = "the-key"
# They begin a login of a person's when they are asked.
LOGINS = {"github_copilot", "chatgpt"}

asked = []


class Captured(Exception):
    pass


def capture(name):
    with contextlib.suppress(ImportError):
        httpx = importlib.import_module(name)

        def handle(_self, request):
            asked.append(request)
            raise httpx.ConnectError("captured", request=request)

        async def handle_async(_self, request):
            handle(_self, request)

        httpx.HTTPTransport.handle_request = handle
        httpx.AsyncHTTPTransport.handle_async_request = handle_async


def is_openai(request, base):
    if request.method != "POST" or str(request.url) != f"{base}/chat/completions":
        return False
    body = json.loads(request.content)
    return body.get("model") == "the-model" and body.get("messages") == [{"role": "user", "content": "hi"}] and (
        request.headers.get("authorization") == f"Bearer {KEY}"
    )


async def request_to(litellm, provider, base):
    asked.clear()
    with contextlib.suppress(Exception):
        await asyncio.wait_for(
            litellm.acompletion(
                model=f"{provider}/the-model",
                api_base=base,
                api_key=KEY,
                messages=[{"role": "user", "content": "hi"}],
                max_retries=0,
                num_retries=0,
            ),
            10,
        )
    return asked[0] if asked else None


async def speaks_openai(litellm, provider):
    """None where it does not; else the end that it puts behind a base without it."""
    versioned, plain = BASES
    request = await request_to(litellm, provider, versioned)
    if request is None or not is_openai(request, versioned):
        return None
    request = await request_to(litellm, provider, plain)
    return "/v1" if request is not None and is_openai(request, versioned) else ""


def models_of(litellm):
    text = (Path(litellm.__file__).parent / "model_prices_and_context_window_backup.json").read_text()
    known = json.loads(text)
    known.pop("sample_spec", None)
    return [
        [
            name,
            row.get("litellm_provider"),
            row.get("mode"),
            bool(row.get("supports_reasoning")),
            bool(row.get("supports_audio_output")),
        ]
        for name, row in known.items()
    ]


async def main():
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        for name in ("httpx", "httpx2"):
            capture(name)
        import litellm

        logging.disable(logging.CRITICAL)
        litellm.suppress_debug_info = True
        litellm.disable_aiohttp_transport = True
        from litellm.llms.openai_like.json_loader import JSONProviderRegistry

        named = {getattr(one, "value", one) for one in litellm.provider_list}
        providers = sorted(named | set(JSONProviderRegistry.list_providers()))
        ends = {one: await speaks_openai(litellm, one) for one in providers if one not in LOGINS}
        speaking = {one: end for one, end in ends.items() if end is not None}
        found = {
            "version": version("litellm"),
            "providers": providers,
            "speaking": speaking,
            "models": models_of(litellm),
        }
        print(json.dumps(found), file=answers, flush=True)


asyncio.run(main())

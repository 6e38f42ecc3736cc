"""Probes deployments by LiteLLM's own health check, and sends every request to a recording upstream in place of its host.

Usage: probe_with_litellm.py RECORDER_URL < deployments.json
One JSON line per deployment on stdout: {"id", "error"}. A line {"version"} comes first.
"""

import asyncio
import contextlib
import importlib
import json
import logging
import os
import random
import sys

recorder = sys.argv[1]
# The model map of the installed version, and no request of LiteLLM's own.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_TELEMETRY"] = "False"
os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
os.environ["DISABLE_AIOHTTP_TRANSPORT"] = "True"

current = {"id": ""}


def redirect(request, httpx):
    origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
    target = httpx.URL(recorder)
    request.url = request.url.copy_with(scheme=target.scheme, host=target.host, port=target.port)
    request.headers["x-recorded-origin"] = origin
    request.headers["x-recorded-id"] = current["id"]


def record_all(name):
    """Every client of this library is sent to the recorder, whatever transport it was given."""
    try:
        httpx = importlib.import_module(name)
    except ImportError:
        return
    plain = httpx.HTTPTransport()
    plain_async = httpx.AsyncHTTPTransport()
    send, send_async = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    def handle_request(_self, request):
        redirect(request, httpx)
        return send(plain, request)

    async def handle_async_request(_self, request):
        redirect(request, httpx)
        return await send_async(plain_async, request)

    httpx.HTTPTransport.handle_request = handle_request
    httpx.AsyncHTTPTransport.handle_async_request = handle_async_request


async def main():
    deployments = json.load(sys.stdin)
    # LiteLLM prints advice on stdout.
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        for name in ("httpx", "httpx2"):
            record_all(name)
        import litellm
        from importlib.metadata import version
        from litellm.proxy.health_check import perform_health_check

        logging.disable(logging.CRITICAL)
        litellm.suppress_debug_info = True
        litellm.disable_aiohttp_transport = True
        litellm.num_retries = 0
        # Of its two questions always the first.
        random.choice = lambda options: options[0]
        print(json.dumps({"version": version("litellm")}), file=answers, flush=True)
        for deployment in deployments:
            current["id"] = deployment["id"]
            error = await probed(perform_health_check, deployment)
            print(json.dumps({"id": deployment["id"], "error": error}), file=answers, flush=True)


async def probed(perform_health_check, deployment):
    env = deployment["env"]
    os.environ.update(env)
    try:
        info = {**deployment["model_info"], "id": deployment["id"], "health_check_timeout": 10}
        params = {"max_retries": 0, **deployment["litellm_params"]}
        row = {"model_name": "m", "litellm_params": params, "model_info": info}
        _, unhealthy, _ = await perform_health_check([row])
        return str(unhealthy[0].get("error", ""))[:500] if unhealthy else None
    except Exception as error:  # what it raises is a finding of the suite
        return f"raised {type(error).__name__}: {error}"[:500]
    finally:
        for name in env:
            os.environ.pop(name, None)


asyncio.run(main())

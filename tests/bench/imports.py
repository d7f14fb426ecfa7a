"""How fast usage logs are read, and that memory does not grow with them: `python -m tests.bench.imports [GB ...]`.

Logs are written for the purpose, with prompts in them, and removed again. Each is read by the command in a process of
its own, whose peak of memory the system tells.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

MB = 1_000_000
HEADER = (
    "request_id,call_type,api_key,spend,prompt_tokens,completion_tokens,startTime,endTime,model,model_group,"
    "custom_llm_provider,cache_hit,status,messages,response\n"
)
PROMPT = 'Please say what the ""contract"" says, in a list:\n- one\n- two, and more\n'


def write_csv(path: Path, size_bytes: int, long: bool) -> int:
    """A LiteLLM log with prompts of some kB, or with none; returns its rows."""
    draw, rows = random.Random(1), 0
    prompts = [f'"{PROMPT * draw.randint(10, 200)}"' if long else "" for _ in range(50)]
    with path.open("w", encoding="utf-8", newline="") as file:
        written = file.write(HEADER)
        while written < size_bytes:
            at = f"2026-03-{rows % 28 + 1:02d} {rows % 24:02d}:00:00.120"
            written += file.write(
                f"r{rows},acompletion,hash,0.0051,{1000 + rows % 500},210,{at},{at},gpt-4o-{rows % 4},support,azure,"
                f"False,success,{prompts[rows % 50]},{{}}\n"
            )
            rows += 1
    return rows


def write_jsonl(path: Path, size_bytes: int) -> int:
    """A Bedrock invocation log with prompts; returns its rows."""
    draw, rows, written = random.Random(1), 0, 0
    prompts = [(PROMPT * draw.randint(10, 200)).replace('"', '\\"').replace("\n", "\\n") for _ in range(50)]
    with path.open("w", encoding="utf-8", newline="") as file:
        while written < size_bytes:
            written += file.write(
                f'{{"schemaType":"ModelInvocationLog","timestamp":"2026-03-{rows % 28 + 1:02d}T10:00:00Z","region":'
                f'"eu-west-1","operation":"InvokeModel","modelId":"anthropic.claude-3-haiku-20240307-v1:0","input":'
                f'{{"inputTokenCount":{1000 + rows % 500},"inputBodyJson":{{"prompt":"{prompts[rows % 50]}"}}}},'
                f'"output":{{"outputTokenCount":210,"outputBodyJson":{{"text":"x"}}}}}}\n'
            )
            rows += 1
    return rows


def write_pages(path: Path, size_bytes: int) -> int:
    """One document of OpenAI usage; returns its results."""
    rows, written = 0, 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"object":"page","data":[')
        while written < size_bytes:
            written += file.write(
                f'{"," if rows else ""}{{"object":"bucket","start_time":{1772409600 + 60 * rows},"end_time":'
                f'{1772409660 + 60 * rows},"results":[{{"object":"organization.usage.completions.result",'
                f'"input_tokens":{1000 + rows % 500},"input_cached_tokens":100,"output_tokens":210,'
                '"num_model_requests":3,"project_id":"p","user_id":"someone","model":"gpt-4o","batch":false}]}'
            )
            rows += 1
        file.write("]}")
    return rows


def read(path: Path) -> tuple[float, float, float]:
    """Seconds of processor time, peak memory in MB, and rows used."""
    from core.imports.usage.read import read_usage
    from core.imports.usage.source import of_path

    began = time.process_time()
    used = read_usage([of_path(path)]).rows_used
    return time.process_time() - began, _peak_mb(), used


def _peak_mb() -> float:
    """Peak memory of this program; getrusage would also count that of the process it was started from."""
    said = Path("/proc/self/status").read_text(encoding="utf-8")
    return float(said.partition("VmHWM:")[2].split()[0]) * 1024 / MB


def lines(sizes_mb: tuple[float, ...] = (5.0, 50.0)) -> Iterator[str]:
    """A line a log and size."""
    logs = (
        ("LiteLLM log with prompts", lambda path, size: write_csv(path, size, True)),
        ("LiteLLM log without", lambda path, size: write_csv(path, size, False)),
        ("OpenAI usage, one document", write_pages),
        ("Bedrock log with prompts", write_jsonl),
    )
    for name, write in logs:
        for size_mb in sizes_mb:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "log"
                rows = write(path, int(size_mb * MB))
                with get_context("spawn").Pool(1) as pool:
                    seconds, peak_mb, used = pool.apply(read, (path,))
                assert used == rows, f"{name}: {used} of {rows} rows"
                yield (
                    f"{name}, {size_mb:,.0f} MB: {size_mb / seconds:,.0f} MB/s, {rows / seconds:,.0f} rows/s, "
                    f"{seconds:.1f} s of one core, peak memory {peak_mb:,.0f} MB"
                )


if __name__ == "__main__":
    for line in lines(tuple(float(word) * 1000 for word in sys.argv[1:]) or (5.0, 50.0)):
        print(line, flush=True)

"""From a configuration and a source to everything that the loop works with."""

from pathlib import Path

from zoo.config import RunConfig
from zoo.contracts.generator import input_shapes
from zoo.contracts.source import Source
from zoo.data.examples import Randomness, make_examples
from zoo.inference import make_predict
from zoo.training.devices import make_strategy, use_jit
from zoo.training.initial import start_from
from zoo.training.loop import Trainer
from zoo.training.objective import check_models, make_terms, reads
from zoo.training.state import make_state
from zoo.training.step import make_step
from zoo.training.validation import SCORED


def make_trainer(config: RunConfig, source: Source) -> Trainer:
    """Build models, losses, examples and the step.

    Raises:
        UsageError: Parts that do not go together, a device or a size that does not exist.
        PluginError: A component breaks the contract.
    """
    terms = make_terms(config)
    strategy = make_strategy(config.settings)
    jit = use_jit(config.settings, strategy)
    config = config.with_settings(jit=jit)
    state = make_state(config, strategy)
    inputs = input_shapes(config.gen.name, state.generator)
    check_models(terms, inputs, state.critic)
    if config.settings.init:
        start_from(Path(config.settings.init), state.generator)
        state.average.set_weights(state.generator.get_weights())
    randomness = Randomness(
        noise=inputs.get("noise"),
        second=reads(terms, "second"),
        mix=reads(terms, "d_gradient"),
    )
    return Trainer(
        config=config,
        state=state,
        terms=terms,
        step=make_step(state, terms, config.settings, strategy, jit=jit),
        train=make_examples(config, source, "train", randomness),
        validation=make_examples(config, source, "validation", Randomness()).first(SCORED),
        predict=make_predict(state.average, jit=jit),
    )

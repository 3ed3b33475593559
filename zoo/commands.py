"""The built-in commands: name -> (import string of the ``click.Command``, one line of help).

Data only: ``zoo --help`` and discovery read it without importing a command.
"""

COMMANDS = {
    "train": ("zoo.cli.train:command", "Train a generator against a discriminator."),
    "resume": ("zoo.cli.resume:command", "Go on with an interrupted run."),
    "runs": ("zoo.cli.runs:command", "List runs; remove runs."),
    "report": ("zoo.cli.report:command", "Write an HTML page about runs."),
    "complete": ("zoo.cli.complete:command", "Complete a drawing with a trained model."),
    "export": ("zoo.cli.export:command", "Write a model for another runtime."),
    "masks": ("zoo.cli.masks:command", "Look at what masks hide."),
    "evaluate": ("zoo.cli.evaluate:command", "Score a model on drawings with fixed holes."),
    "leaderboard": ("zoo.cli.leaderboard:command", "Rank results, floors among them."),
    "compare": ("zoo.cli.compare:command", "Compare two results drawing by drawing."),
    "list": ("zoo.cli.list:command", "List the installed components."),
    "info": ("zoo.cli.info:command", "Describe a component: its options, its layers."),
    "new": ("zoo.cli.new:command", "Start a plugin package, or pack a trained model."),
    "check": ("zoo.cli.check:command", "Prove that a plugin keeps its contract."),
    "plugins": ("zoo.cli.plugins:command", "List the plugins, also those skipped."),
    "doctor": ("zoo.cli.doctor:command", "Check the installation: versions, devices, plugins."),
    "completion": ("zoo.cli.completion:command", "Print the completion script of a shell."),
}

"""One error tree. str(error) is a sentence that says what to do next."""


class ConsentError(Exception):
    """Anything the program refuses or cannot do."""


class BadInputError(ConsentError):
    """Something given is missing, malformed or contradicts itself."""


class NotFoundError(ConsentError):
    """Something named does not exist."""


class ConflictError(ConsentError):
    """Somebody else changed the same thing, or it is there already."""


class RefusedError(ConsentError):
    """The role of the one who asks does not allow it."""


class SetupError(ConsentError):
    """The installation is incomplete: weights, policy file, database."""

    # Of the command: nothing was wrong with what was asked, it could not be done.
    exit_code = 3


class PolicyError(SetupError):
    """The policy file cannot be used.

    Attributes:
        line: of the file, from 1; None where no single line is at fault.
    """

    def __init__(self, sentence: str, line: int | None = None) -> None:
        """Keep the line beside the sentence."""
        super().__init__(sentence if line is None else f"Line {line}: {sentence}")
        self.line = line

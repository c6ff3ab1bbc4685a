"""Other people's formats (ファイルの取込・書出し): from a path to clean frames, and back."""

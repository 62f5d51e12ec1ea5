"""What a memory, a plan, a report or a finding says, in words that both front ends show alike."""
